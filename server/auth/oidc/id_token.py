"""What is believed of an ID token (OpenID Connect Core 3.1.3.7): who signed it, for whom, when, and for which attempt.

The signature and the claims that every JWT has are PyJWT's business; the rest is here.
"""

import hmac
from typing import NamedTuple

import jwt

from server.auth.oidc.discovery import ALGORITHMS, Metadata
from server.auth.oidc.errors import Distrusted
from server.auth.oidc.http_client import Json
from server.auth.oidc.keys import Keys
from server.auth.oidc.registration import Registration

_LEEWAY = 60  # seconds by which clocks may differ
_LONGEST_SUBJECT = 255
_LONGEST_ADDRESS = 320


class Statement(NamedTuple):
    """Who the provider says signed in, and everything else that the token says."""

    subject: str
    claims: Json


async def verify(token: str, *, nonce: str, registration: Registration, metadata: Metadata, keys: Keys) -> Statement:
    """The statement of an ID token that was made for us and for this attempt; raises Distrusted and Unreachable."""
    key_id, algorithm = _head(token, metadata)
    key = await keys.find(metadata.jwks_uri, key_id, algorithm)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=registration.client_id,
            issuer=registration.issuer,
            leeway=_LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"], "enforce_minimum_key_length": True},
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
        raise Distrusted(f"the ID token is not valid: {type(error).__name__}") from error
    _check_party(claims, registration.client_id)
    if not _same(claims["nonce"], nonce):
        raise Distrusted("the ID token was made for another attempt")
    if not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT or not claims["sub"].isascii():
        raise Distrusted("the ID token has no usable subject")
    return Statement(claims["sub"], claims)


def verified_address(claims: Json, required_domain: str | None) -> str:
    """The e-mail address that the provider vouches for, in lower case; Distrusted where there is none that will do."""
    address = claims.get("email")
    if not isinstance(address, str) or not address.isprintable() or len(address) > _LONGEST_ADDRESS:
        raise Distrusted("the provider tells no e-mail address")
    name, _, domain = address.rpartition("@")
    if not name or not domain or " " in address:
        raise Distrusted("the provider tells no e-mail address")
    if claims.get("email_verified") is not True:
        raise Distrusted("the provider has not verified the e-mail address")
    if required_domain is not None and domain.lower() != required_domain.lower():
        raise Distrusted("the e-mail address is not of the required domain")
    return address.lower()


def _head(token: str, metadata: Metadata) -> tuple[str | None, str]:
    try:
        head = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError) as error:
        raise Distrusted("the ID token cannot be read") from error
    algorithm, key_id = head.get("alg"), head.get("kid")
    if not isinstance(algorithm, str) or algorithm not in metadata.algorithms:
        raise Distrusted("the ID token is signed by an algorithm that is not allowed")
    return (key_id if isinstance(key_id, str) else None), algorithm


def _check_party(claims: Json, client_id: str) -> None:
    """A token for several audiences says for which of them it was made, and it is us."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and not _same(claims.get("azp"), client_id):
        raise Distrusted("the ID token was made for another client")


def _same(said: object, expected: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(errors="surrogatepass"), expected.encode())
