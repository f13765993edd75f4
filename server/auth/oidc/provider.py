"""Signing in by the provider, from both ends: where a person is sent, and whom the provider vouches for.

The reasons of a failure go to the log, in words of our own; a client hears one refusal for all of them.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog

from domain import accounts
from domain.errors import Invalid
from resolvers.ports import AuthorizationRequest
from server.auth.oidc.discovery import Discovery, Metadata
from server.auth.oidc.errors import Distrusted, Unreachable
from server.auth.oidc.handles import Attempt, Handles, Proof, Seal
from server.auth.oidc.http_client import Fetcher
from server.auth.oidc.id_token import verified_address, verify
from server.auth.oidc.keys import Keys
from server.auth.oidc.registration import Registration
from server.auth.oidc.token_exchange import ask_about, exchange

log = structlog.get_logger(__name__)

_SCOPE = "openid email profile"
_LONGEST_CODE = 4096

Done = TypeVar("Done")


class OpenIdProvider:
    """The identity provider of this installation, as resolvers ask it."""

    def __init__(self, registration: Registration, seal: Seal, clock: Callable[[], float] = time.time) -> None:
        self._registration = registration
        self._fetcher = Fetcher()
        self._discovery = Discovery(registration.issuer, self._fetcher)
        self._keys = Keys(self._fetcher)
        self._handles = Handles(seal, registration.issuer, clock)

    async def depart(self, redirect_uri: str) -> AuthorizationRequest:
        """Where to send a person; declines INVALID for a redirect URI that is not listed, and PROVIDER_UNAVAILABLE."""
        if redirect_uri not in self._registration.redirect_uris:
            raise Invalid(
                "This redirect URI is not one of those that SLUICEGATE_OIDC_REDIRECT_URIS lists.",
                field=("redirectUri",),
            )
        metadata = await _told(self._discovery.metadata())
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        attempt = Attempt(state, nonce, verifier, redirect_uri)
        handle, ends = self._handles.of_attempt(attempt)
        return AuthorizationRequest(_address(metadata, self._registration.client_id, attempt), handle, ends)

    async def arrive(self, handle: str, code: str | None, state: str | None) -> accounts.VerifiedIdentity:
        """Whom the provider vouches for; declines SIGN_IN_FAILED and PROVIDER_UNAVAILABLE.

        With a handle that `prove` gave there is nothing left to ask.
        """
        return await _told(self._arrive(handle, code, state))

    def prove(self, vouched: accounts.VerifiedIdentity) -> str:
        """A handle by which somebody who was vouched for goes on after choosing an account."""
        return self._handles.of_proof(Proof(vouched.subject, vouched.email))

    async def _arrive(self, handle: str, code: str | None, state: str | None) -> accounts.VerifiedIdentity:
        held = self._handles.open(handle)
        if isinstance(held, Proof):
            return accounts.VerifiedIdentity(self._registration.issuer, held.subject, held.email)
        if not hmac.compare_digest((state or "").encode(errors="surrogatepass"), held.state.encode()):
            raise Distrusted("the state is that of another attempt")
        if not code or len(code) > _LONGEST_CODE:
            raise Distrusted("there is no code")
        return await self._redeem(held, code)

    async def _redeem(self, attempt: Attempt, code: str) -> accounts.VerifiedIdentity:
        registration, metadata = self._registration, await self._discovery.metadata()
        tokens = await exchange(
            self._fetcher,
            metadata,
            registration,
            code=code,
            verifier=attempt.verifier,
            redirect_uri=attempt.redirect_uri,
        )
        subject, claims = await verify(
            tokens.id_token, nonce=attempt.nonce, registration=registration, metadata=metadata, keys=self._keys
        )
        if not {"email", "email_verified"} <= claims.keys():
            claims = await ask_about(self._fetcher, metadata, tokens, subject)
        return accounts.VerifiedIdentity(
            registration.issuer, subject, verified_address(claims, registration.required_domain)
        )


def _address(metadata: Metadata, client_id: str, attempt: Attempt) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": attempt.redirect_uri,
        "scope": _SCOPE,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    there = urlsplit(metadata.authorization_endpoint)
    query = "&".join(filter(None, (there.query, urlencode(asked))))
    return urlunsplit(there._replace(query=query))


async def _told(asking: Awaitable[Done]) -> Done:
    """What comes of it, or the refusal that a client hears; the log hears why."""
    try:
        return await asking
    except Distrusted as reason:
        log.info("sign-in by the identity provider failed", reason=str(reason))
        raise accounts.SignInFailed(accounts.NOT_LET_IN) from None
    except Unreachable as reason:
        log.warning("the identity provider cannot be asked", reason=str(reason))
        raise accounts.ProviderUnavailable from None
