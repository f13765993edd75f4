"""The keys by which the provider signs (JWKS): kept, and asked for anew when a token names one that is not known.

That is how providers rotate: the new key is published, and then used. Asking anew is bounded to once a minute, so that
tokens that name keys nobody has do not turn us against the provider.
"""

import asyncio
import time

import jwt

from server.auth.oidc.discovery import Clock
from server.auth.oidc.errors import Distrusted
from server.auth.oidc.http_client import Fetcher, Json

_FRESH = 3600.0  # a key that the provider took back is believed no longer than this
_PAUSE = 60.0

# What a key must be for an algorithm: its type and, where it has one, its curve.
_FITTING = {"RS256": ("RSA", None), "PS256": ("RSA", None), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}


class Keys:
    """The provider's keys, by their id and by the algorithm that they are used for."""

    def __init__(self, fetcher: Fetcher, clock: Clock = time.monotonic) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._turn = asyncio.Lock()
        self._known: list[Json] | None = None
        self._stale_at = 0.0
        self._ask_again_at = 0.0

    async def find(self, url: str, key_id: str | None, algorithm: str) -> jwt.PyJWK:
        """The key of that id, or the only one where the token names none; raises Distrusted and Unreachable."""
        async with self._turn:
            if self._known is None or self._clock() >= self._stale_at:
                await self._fetch(url)
            found = self._fitting(key_id, algorithm)
            if not found and self._clock() >= self._ask_again_at:
                self._ask_again_at = self._clock() + _PAUSE
                await self._fetch(url)
                found = self._fitting(key_id, algorithm)
        if len(found) != 1:
            raise Distrusted("the ID token names no key of the provider's")
        try:
            return jwt.PyJWK(found[0], algorithm)
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Distrusted("the provider's key cannot be read") from error

    async def _fetch(self, url: str) -> None:
        keys = (await self._fetcher.get(url)).get("keys")
        self._known = [each for each in keys if isinstance(each, dict)] if isinstance(keys, list) else []
        self._stale_at = self._clock() + _FRESH

    def _fitting(self, key_id: str | None, algorithm: str) -> list[Json]:
        kind, curve = _FITTING[algorithm]
        return [
            key
            for key in self._known or []
            if key.get("kty") == kind
            and (curve is None or key.get("crv") == curve)
            and key.get("use", "sig") == "sig"
            and key.get("alg", algorithm) == algorithm
            and (key_id is None or key.get("kid") == key_id)
        ]
