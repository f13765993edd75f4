"""Noting that a sign-in failed, at the same cost whether or not the e-mail address is anybody's (B18).

Rows are as few as the attempts that are let through to a password; of those that must wait, a few are noted.
"""

from domain import accounts, audit
from domain.accounts import AttemptLimit, PasswordKeys, TooManyAttempts
from domain.errors import Refusal
from domain.unit_of_work import unbound
from resolvers.context import Context

_WAITING = (10, 1, 10)  # noted in a window for a network, for an e-mail address there, and for the address anywhere


async def note_failure(context: Context, email: str, refusal: Refusal) -> None:
    """Note a failure in a unit of its own; the worker tells the accounts that it concerns."""
    async with unbound(context.sessions) as session:
        if isinstance(refusal, TooManyAttempts):
            keys = PasswordKeys.of(email, context.address)
            limits = [AttemptLimit(f"noted:{key}", most) for key, most in zip(keys, _WAITING, strict=True)]
            if await accounts.count_attempts(session, limits, context.services.sign_in.window) is not None:
                return
        await audit.note_failure(session, email, context.address, refusal.code)
