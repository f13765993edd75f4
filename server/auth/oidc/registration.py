"""How this installation is known to its OpenID provider, and to which addresses it trusts itself."""

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit


class Registration(NamedTuple):
    """The one provider of the installation, and what was agreed with it; without a secret it is a public client.

    `required_domain` is what follows the last @ of an e-mail address; None takes any that the provider has verified.
    """

    issuer: str
    client_id: str
    redirect_uris: tuple[str, ...]
    client_secret: str | None = None
    required_domain: str | None = None


def is_safe(url: object) -> bool:
    """Whether this is an address that nobody on the way can read or change: https, or http to this machine itself."""
    if not isinstance(url, str) or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.fragment or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
