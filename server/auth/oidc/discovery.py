"""What the provider says of itself (OpenID Connect Discovery): asked for when it is first needed, and anew every hour.

So a provider that is away keeps no server from starting, and what it changes is noticed.
"""

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

from server.auth.oidc.errors import Unreachable
from server.auth.oidc.http_client import Fetcher, Json
from server.auth.oidc.registration import is_safe

# By which ID tokens may be signed. Never by nothing, and never by a secret that is shared.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")

_FRESH = 3600.0
_PAUSE = 5.0  # seconds in which a provider that did not answer is not asked again

Clock = Callable[[], float]


class Metadata(NamedTuple):
    """Where to send people and what for, and by which algorithms its ID tokens are signed."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    by_basic: bool
    algorithms: tuple[str, ...]


class Discovery:
    """The provider's metadata, kept for an hour; of many who ask at once, one goes and the others wait for it."""

    def __init__(self, issuer: str, fetcher: Fetcher, clock: Clock = time.monotonic) -> None:
        self._issuer = issuer
        self._fetcher = fetcher
        self._clock = clock
        self._turn = asyncio.Lock()
        self._known: Metadata | None = None
        self._stale_at = 0.0
        self._failure: Unreachable | None = None
        self._ask_again_at = 0.0

    async def metadata(self) -> Metadata:
        """What is known of the provider; raises Unreachable, for a few seconds without asking again."""
        async with self._turn:
            if self._known is not None and self._clock() < self._stale_at:
                return self._known
            if self._failure is not None and self._clock() < self._ask_again_at:
                raise Unreachable(str(self._failure))
            try:
                self._known = await self._discover()
            except Unreachable as failure:
                self._failure, self._ask_again_at = failure, self._clock() + _PAUSE
                raise
            self._failure, self._stale_at = None, self._clock() + _FRESH
            return self._known

    async def _discover(self) -> Metadata:
        url = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        return read_metadata(await self._fetcher.get(url), self._issuer)


def read_metadata(document: Json, issuer: str) -> Metadata:
    """What a discovery document says; Unreachable where it is another issuer's, or leaves us no safe way to go."""
    if document.get("issuer") != issuer:
        raise Unreachable("the discovery document is of another issuer than SLUICEGATE_OIDC_ISSUER")
    authorization, token, keys = (_endpoint(document, name) for name in _NEEDED)
    if "code" not in _listed(document, "response_types_supported", ("code",)):
        raise Unreachable("the provider does not offer the response type code")
    if "S256" not in _listed(document, "code_challenge_methods_supported", ("S256",)):
        raise Unreachable("the provider does not offer the code challenge S256")
    offered = _listed(document, "id_token_signing_alg_values_supported", ("RS256",))
    algorithms = tuple(each for each in ALGORITHMS if each in offered)
    if not algorithms:
        raise Unreachable(f"the provider signs by none of {', '.join(ALGORITHMS)}")
    userinfo = document.get("userinfo_endpoint")
    methods = _listed(document, "token_endpoint_auth_methods_supported", ("client_secret_basic",))
    return Metadata(
        authorization,
        token,
        keys,
        userinfo if is_safe(userinfo) else None,
        "client_secret_basic" in methods or "client_secret_post" not in methods,
        algorithms,
    )


_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def _endpoint(document: Json, name: str) -> str:
    url = document.get(name)
    if not isinstance(url, str) or not is_safe(url):
        raise Unreachable(f"the discovery document has no {name} with https")
    return url


def _listed(document: Json, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of a list; one that is left out stands for the default of the specification, or of ours."""
    given = document.get(name)
    return tuple(each for each in given if isinstance(each, str)) if isinstance(given, list) else default
