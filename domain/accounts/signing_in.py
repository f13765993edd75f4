"""Signing in and out: from an e-mail address and a password to a bearer token, and the end of that token.

Passwords are verified outside any transaction by the caller; failures are one refusal, and every attempt is counted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.account import Account
from domain.accounts.admitting import make_token
from domain.accounts.user import Identity, Throttle, Token, User
from domain.actor import ActorKind
from domain.errors import Refusal
from domain.event import EventKind
from domain.model import new_id
from domain.unit_of_work import UnitOfWork


class SignInFailed(Refusal):
    """Unknown address, wrong password, no membership: one answer for all."""

    code = "SIGN_IN_FAILED"

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is not right.")


class AccountNeeded(Refusal):
    """The person belongs to several accounts and must say which; told only after the password was verified."""

    code = "ACCOUNT_NEEDED"

    def __init__(self, accounts: list[dict[str, str]]) -> None:
        super().__init__(
            "You belong to several accounts; say which one with `account`.", field=("account",), accounts=accounts
        )


class TooManyAttempts(Refusal):
    """Sign-in was tried too often from here or for this address; says when to try again."""

    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts; try again in {retry_after} seconds.", retry_after=retry_after)


class AttemptLimit(NamedTuple):
    """How many attempts one key may make in a window of fixed length."""

    key: str
    attempts: int


async def count_attempts(
    session: AsyncSession, limits: list[AttemptLimit], window: timedelta
) -> TooManyAttempts | None:
    """Count an attempt under each key in turn; stops at the first that is past its limit, and returns the refusal.

    Returned, not raised, since the count must be committed: call it in a unit of its own and raise afterwards. The keys
    that follow stay uncounted, so that who is refused anyway makes no more rows.
    """
    start = func.date_bin(window, func.now(), func.to_timestamp(0))
    remaining = func.extract("epoch", Throttle.window_start + window - func.now())
    for limit in limits:
        row = insert(Throttle).values(key=limit.key, window_start=start, attempts=1)
        counted = row.on_conflict_do_update(
            index_elements=[Throttle.key, Throttle.window_start], set_={"attempts": Throttle.attempts + 1}
        )
        attempts, wait = (await session.execute(counted.returning(Throttle.attempts, remaining))).one()
        if attempts > limit.attempts:
            return TooManyAttempts(int(wait) + 1)
    return None


async def forget_attempts(session: AsyncSession, *, forget: str, forgive: Sequence[str]) -> None:
    """After a success: start counting anew under one key, and take back the one attempt under the others."""
    await session.execute(delete(Throttle).where(Throttle.key == forget))
    await session.execute(update(Throttle).where(Throttle.key.in_(forgive)).values(attempts=Throttle.attempts - 1))


async def sweep_attempts(session: AsyncSession, window: timedelta) -> None:
    """Delete counts whose window has ended: nobody asks for them any more."""
    await session.execute(delete(Throttle).where(Throttle.window_start < func.now() - window))


async def find_identity(session: AsyncSession, email: str) -> Identity | None:
    """The person with that e-mail address, in any account."""
    statement = select(Identity).where(Identity.email == email.lower())
    return (await session.execute(statement)).scalar_one_or_none()


async def renew_password(session: AsyncSession, identity_id: UUID, password_hash: str) -> None:
    """Keep a hash made with today's parameters of a password that was just verified."""
    await session.execute(update(Identity).where(Identity.id == identity_id).values(password_hash=password_hash))


async def find_active_membership(session: AsyncSession, account_id: UUID, user_id: UUID) -> Account | None:
    """The account of a membership in force; the session has entered that account."""
    statement = (
        select(Account)
        .join(User, User.account_id == Account.id)
        .where(Account.id == account_id, User.id == user_id, User.active)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def issue_token(work: UnitOfWork, user_id: UUID, lifetime: timedelta) -> tuple[str, datetime]:
    """A bearer token for one membership, shown this once, and when it ends."""
    token, secret_hash = make_token(work.account_id)
    ends = await work.clock() + lifetime
    epoch = select(Identity.epoch).join(User, User.identity_id == Identity.id)
    mine = epoch.where(User.account_id == work.account_id, User.id == user_id)
    row = Token(
        account_id=work.account_id,
        id=new_id(),
        user_id=user_id,
        secret_hash=secret_hash,
        expires_at=ends,
        epoch=func.coalesce(mine.scalar_subquery(), 1),
        address=work.address,
        last_used_address=work.address,
    )
    work.session.add(row)
    work.record(EventKind.SIGNED_IN, "user", user_id, after={"token": str(row.id)})
    return token, ends


async def sign_out(work: UnitOfWork) -> None:
    """End the token that this very request came with."""
    actor = work.actor
    if actor.kind is not ActorKind.PERSON or actor.id is None or actor.token_id is None:
        return
    ended = update(Token).where(Token.account_id == work.account_id, Token.id == actor.token_id)
    await work.session.execute(ended.values(revoked_at=await work.clock()))
    work.record(EventKind.SIGNED_OUT, "user", actor.id, after={"token": str(actor.token_id)})
