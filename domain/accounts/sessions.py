"""Sessions: the bearer tokens of users; finding them, ending them, and storing their last use.

A session is valid while it is neither revoked nor expired nor of an older epoch than its identity. The next request of
an invalid one is UNAUTHENTICATED (B19).
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from domain.accounts.authentication import STALE
from domain.accounts.user import Identity, Token, User
from domain.authorization import require
from domain.database.transaction import Sessions, transaction
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission

LISTED = 100
KEPT = timedelta(days=30)
_NAMED = 100  # ids in an event, however many sessions were ended


async def list_sessions(work: UnitOfWork) -> list[Token]:
    """The actor's valid sessions, the most recently used first, at most 100; an app has none."""
    statement = select(Token).where(is_valid(work, work.actor.user_id))
    recent = statement.order_by(Token.last_used_at.desc(), Token.id).limit(LISTED)
    return list((await work.session.execute(recent)).scalars())


async def find_sessions(work: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Token]:
    """The actor's valid sessions by id; unknown ids and those of other users are left out."""
    if not ids:
        return {}
    statement = select(Token).where(is_valid(work, work.actor.user_id), Token.id.in_(ids))
    return {token.id: token for token in (await work.session.execute(statement)).scalars()}


async def end_sessions(work: UnitOfWork, user_id: UUID, *, but: UUID | None = None) -> int:
    """End all sessions of a user in the account, or all but one, and return how many. Those of other users require
    people:manage.

    Declines NOT_PERMITTED.
    """
    if user_id != work.actor.user_id:
        require(work.actor, Permission.PEOPLE_MANAGE)
    valid = is_valid(work, user_id)
    revoked = update(Token).where(valid if but is None else valid & (Token.id != but))
    ended = revoked.values(revoked_at=await work.clock()).returning(Token.id)
    ids = list((await work.session.execute(ended)).scalars())
    if ids:
        record_revoked(work, user_id, ids)
    return len(ids)


async def note_use(work: UnitOfWork) -> None:
    """Store when and from where the session of this unit was last used, unless another unit is doing so."""
    mine = select(Token.id).where(Token.account_id == work.account_id, Token.id == work.actor.token_id)
    stale = mine.where(Token.last_used_at < func.now() - STALE).with_for_update(key_share=True, skip_locked=True)
    used = update(Token).where(Token.account_id == work.account_id, Token.id.in_(stale))
    await work.session.execute(
        used.values(last_used_at=func.now(), last_used_address=work.address).execution_options(
            synchronize_session=False
        )
    )


async def sweep_sessions(sessions: Sessions, account_id: UUID) -> None:
    """Delete the account's sessions that ended over 30 days ago, in a transaction of its own."""
    async with transaction(sessions, account_id) as session:
        over = or_(Token.revoked_at < func.now() - KEPT, Token.expires_at < func.now() - KEPT)
        await session.execute(delete(Token).where(Token.account_id == account_id, over))


def is_valid(work: UnitOfWork, user_id: UUID | None) -> ColumnElement[bool]:
    """The condition for a session of a user to be valid."""
    older_epoch = (
        exists()
        .where(User.account_id == Token.account_id, User.id == Token.user_id)
        .where(Identity.id == User.identity_id, Identity.epoch != Token.epoch)
    )
    valid = Token.revoked_at.is_(None) & (Token.expires_at > func.now()) & ~older_epoch
    return (Token.account_id == work.account_id) & (Token.user_id == user_id) & valid


def record_revoked(work: UnitOfWork, user_id: UUID, ids: list[UUID]) -> None:
    """Record that sessions of a user were revoked."""
    after = {"count": len(ids), "sessions": [str(each) for each in ids[:_NAMED]]}
    work.record(EventKind.SESSION_REVOKED, "user", user_id, after=after)
