"""Counting what is tried: passwords wherever they are asked for, and secrets that nobody has.

Counts are committed in units of their own, before what they are about is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain import accounts
from domain.accounts import AttemptLimit, PasswordKeys, SecretKeys
from domain.errors import RateLimited, Refusal
from domain.unit_of_work import Sessions, unbound

_ANYWHERE = 10  # times the attempts that one network has for an e-mail address, all networks have together
_BEARER = "bearer"


@dataclass(frozen=True)
class SignInLimits:
    """How many attempts an address and an e-mail address have in a window; and how many secrets that nobody has may be
    tried from an address, and for an account.
    """

    per_email: int = 10
    per_address: int = 100
    guesses_per_address: int = 100
    guesses_per_account: int = 1000
    window: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Throttling:
    """What one operation counts, from the network address that it came from."""

    sessions: Sessions
    address: str | None
    limits: SignInLimits

    async def count_password(self, email: str) -> PasswordKeys:
        """Count an attempt at somebody's password, before it is verified; raises TooManyAttempts.

        The keys are for `accounts.forget_attempts`, in the unit that writes down a success.
        """
        keys, limits = PasswordKeys.of(email, self.address), self.limits
        allowed = (limits.per_address, limits.per_email, _ANYWHERE * limits.per_email)
        await self._count(_limits(keys, allowed))
        return keys

    async def count_arrival(self) -> str:
        """Count an arrival from the identity provider under the network's key for passwords; raises TooManyAttempts."""
        key = PasswordKeys.of("", self.address).network
        await self._count([AttemptLimit(key, self.limits.per_address)])
        return key

    async def count_secret(self, what: str, account_id: UUID) -> SecretKeys:
        """Count an attempt at a secret that comes without a name, before it is looked up; raises TooManyAttempts.

        `what` sets one kind of secret apart from others. The keys are as those of `count_password`.
        """
        keys = SecretKeys.of(what, account_id, self.address)
        await self._count(_limits(keys, self._guesses))
        return keys

    async def count_bearer(self, account_id: UUID) -> None:
        """Count a bearer token that nobody has; RateLimited, and nothing is written, where there were too many.

        Whoever has a good token never comes here, from whatever network (B19).
        """
        limits = _limits(SecretKeys.of(_BEARER, account_id, self.address), self._guesses)
        async with unbound(self.sessions) as session:
            refusal = await accounts.read_attempts(session, limits, self.limits.window)
            refusal = refusal or await accounts.count_attempts(session, limits, self.limits.window)
        if refusal is not None:
            raise RateLimited(refusal.details["retry_after"])

    @property
    def _guesses(self) -> tuple[int, int]:
        return self.limits.guesses_per_address, self.limits.guesses_per_account

    async def _count(self, limits: Sequence[AttemptLimit]) -> None:
        async with unbound(self.sessions) as session:
            refusal: Refusal | None = await accounts.count_attempts(session, limits, self.limits.window)
        if refusal is not None:
            raise refusal


def _limits(keys: Sequence[str], allowed: Sequence[int]) -> list[AttemptLimit]:
    return [AttemptLimit(key, attempts) for key, attempts in zip(keys, allowed, strict=True)]
