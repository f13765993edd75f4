"""Ports of the server: what it lends to every operation: passwords, cursors, keys, limits, the identity provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from domain import accounts, audit
from policies import Tier
from resolvers.throttle import SignInLimits


class Passwords(Protocol):
    """Hashes and verifies passwords at a cost; None verifies as slowly as a hash does, and fails.

    `longest` is how many characters a password may have.
    """

    longest: int

    async def hash(self, password: str) -> str:
        """A salted hash to store."""

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether this is the password that was hashed."""

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash should be made anew, now that the password is at hand."""


class Seal(Protocol):
    """Seals cursors so that clients can neither read nor change them, and binds them to where they were given."""

    def __hash__(self) -> int:
        """By itself: another one seals otherwise."""

    def seal(self, payload: bytes, bound: bytes) -> str:
        """The payload as an opaque text."""

    def open(self, sealed: str, bound: bytes) -> bytes:
        """The payload again; ValueError when the text was changed or belongs elsewhere."""


class AuthorizationRequest(NamedTuple):
    """Where to send a person who signs in by the identity provider, and what the client keeps until they are back."""

    authorization_url: str
    handle: str
    expires_at: datetime


class IdentityProvider(Protocol):
    """The OpenID provider of the installation: sends people there, and tells whom it vouches for when they return."""

    async def depart(self, redirect_uri: str) -> AuthorizationRequest:
        """Begin an attempt; declines INVALID and PROVIDER_UNAVAILABLE."""

    async def arrive(self, handle: str, code: str | None, state: str | None) -> accounts.VerifiedIdentity:
        """End an attempt, or open a proof; declines SIGN_IN_FAILED and PROVIDER_UNAVAILABLE."""

    def prove(self, vouched: accounts.VerifiedIdentity) -> str:
        """A handle that stands for whoever was vouched for, for a few minutes."""


@dataclass(frozen=True)
class Services:
    """What the server creates once and lends to every operation."""

    passwords: Passwords
    cursors: Seal
    signer: audit.Signer
    plan_limits: Mapping[Tier, int]
    token_lifetime: timedelta = timedelta(days=30)
    oidc: IdentityProvider | None = None
    sign_in: SignInLimits = field(default=SignInLimits())
    denials: int = audit.DENIALS
