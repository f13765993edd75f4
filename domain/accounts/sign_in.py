"""Signing in: from an e-mail address and a password to a bearer token.

The caller verifies passwords outside any transaction. All failures are one refusal, and every attempt is counted.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from domain.accounts.account import Account
from domain.accounts.authentication import make_token
from domain.accounts.user import Identity, Token, User
from domain.database.model import new_id
from domain.database.transaction import Session
from domain.errors import Refusal
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork


class SignInFailed(Refusal):
    """Unknown address, wrong password or no membership: one refusal for all."""

    code = "SIGN_IN_FAILED"

    def __init__(self, message: str = "The e-mail address or the password is not right.") -> None:
        super().__init__(message)


class AccountNeeded(Refusal):
    """The user belongs to several accounts and must name one; declined only after they proved their identity.

    `handle` continues the attempt where the proof cannot be given twice.
    """

    code = "ACCOUNT_NEEDED"

    def __init__(self, accounts: list[dict[str, str]], *, handle: str | None = None) -> None:
        super().__init__(
            "You belong to several accounts; name one with `account`.",
            field=("account",),
            accounts=accounts,
            handle=handle,
        )


async def find_identity(session: Session, email: str) -> Identity | None:
    """The identity with that e-mail address, in any account."""
    statement = select(Identity).where(Identity.email == email.lower())
    return (await session.execute(statement)).scalar_one_or_none()


async def renew_password(session: Session, identity: Identity, password_hash: str) -> None:
    """Store a hash with current parameters of a password that was just verified, unless it was changed since."""
    same = update(Identity).where(Identity.id == identity.id, Identity.epoch == identity.epoch)
    await session.execute(same.values(password_hash=password_hash).execution_options(synchronize_session=False))


async def find_active_membership(session: Session, account_id: UUID, user_id: UUID) -> Account | None:
    """The account of an active membership; the session has entered that account."""
    statement = (
        select(Account)
        .join(User, User.account_id == Account.id)
        .where(Account.id == account_id, User.id == user_id, User.active)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def issue_token(
    work: UnitOfWork, user_id: UUID, lifetime: timedelta, *, epoch: int | None = None, by: str | None = None
) -> tuple[str, datetime]:
    """Issue a bearer token for one membership, which is returned only once, and its expiry; `by` is what identified the
    user, if it was not a password.

    `epoch` is that of the identity when the password was verified: if the password was changed since, the token is not
    valid.
    """
    token, secret_hash = make_token(work.account_id)
    ends = await work.clock() + lifetime
    now = select(Identity.epoch).join(User, User.identity_id == Identity.id)
    mine = now.where(User.account_id == work.account_id, User.id == user_id)
    row = Token(
        account_id=work.account_id,
        id=new_id(),
        user_id=user_id,
        secret_hash=secret_hash,
        expires_at=ends,
        epoch=func.coalesce(mine.scalar_subquery(), 1) if epoch is None else epoch,
        address=work.address,
        last_used_address=work.address,
    )
    work.session.add(row)
    work.record(EventKind.SIGNED_IN, "user", user_id, after={"token": str(row.id)} | ({"by": by} if by else {}))
    return token, ends
