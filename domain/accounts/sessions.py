"""Sessions: the tokens that people are signed in by, how they are listed, ended and remembered to have been used.

A session stands while it is neither revoked nor expired nor of an older epoch than its person's; what does not stand
admits nobody from the next request on (B19).
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from domain.accounts.authentication import STALE
from domain.accounts.finders import find_user
from domain.accounts.user import Identity, Token, User
from domain.authorization import require
from domain.database.transaction import Sessions, transaction
from domain.errors import NotFound
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission

LISTED = 100
KEPT = timedelta(days=30)
_NAMED = 100  # ids that an event names, however many sessions were ended


async def list_sessions(work: UnitOfWork) -> list[Token]:
    """The actor's own sessions that stand, the most recently used first, at most 100; an app has none."""
    statement = select(Token).where(_standing(work, work.actor.user_id))
    recent = statement.order_by(Token.last_used_at.desc(), Token.id).limit(LISTED)
    return list((await work.session.execute(recent)).scalars())


async def find_sessions(work: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Token]:
    """The actor's own sessions that stand by id; ids that are nobody's, or somebody else's, are left out."""
    if not ids:
        return {}
    statement = select(Token).where(_standing(work, work.actor.user_id), Token.id.in_(ids))
    return {token.id: token for token in (await work.session.execute(statement)).scalars()}


async def end_session(work: UnitOfWork, session_id: UUID) -> None:
    """End one session of the actor's own. Declines NOT_FOUND, for those of others and those that have ended, too."""
    mine = _standing(work, work.actor.user_id)
    ended = update(Token).where(mine, Token.id == session_id).values(revoked_at=await work.clock())
    whose = (await work.session.execute(ended.returning(Token.user_id))).scalar_one_or_none()
    if whose is None:
        raise NotFound("session", field=("sessionId",))
    _record(work, whose, [session_id])


async def end_sessions(work: UnitOfWork, user_id: UUID, *, but: UUID | None = None) -> int:
    """End all sessions of a user in the account, or all but one, and say how many; those of others take people:manage.

    Declines NOT_PERMITTED.
    """
    if user_id != work.actor.user_id:
        require(work.actor, Permission.PEOPLE_MANAGE)
    standing = _standing(work, user_id)
    spared = standing if but is None else standing & (Token.id != but)
    ended = update(Token).where(spared).values(revoked_at=await work.clock()).returning(Token.id)
    ids = list((await work.session.execute(ended)).scalars())
    if ids:
        _record(work, user_id, ids)
    return len(ids)


async def end_other_sessions(work: UnitOfWork) -> UUID:
    """End all sessions of the actor's own but the one of this unit; whose they were. An app has none to end."""
    if work.actor.user_id is not None:
        await end_sessions(work, work.actor.user_id, but=work.actor.token_id)
    return work.actor.id or UUID(int=0)


async def end_user_sessions(work: UnitOfWork, user_id: UUID) -> UUID:
    """End all sessions of an active user, say for a lost laptop; the one of this unit goes on, were it theirs.

    Declines NOT_PERMITTED and NOT_FOUND; answers with the id.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await find_user(work, user_id)
    await end_sessions(work, user.id, but=work.actor.token_id)
    return user.id


async def note_use(work: UnitOfWork) -> None:
    """Write down when and from where the session of this unit was last used, unless somebody is just doing so."""
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


def _standing(work: UnitOfWork, user_id: UUID | None) -> ColumnElement[bool]:
    of_older = (
        exists()
        .where(User.account_id == Token.account_id, User.id == Token.user_id)
        .where(Identity.id == User.identity_id, Identity.epoch != Token.epoch)
    )
    stands = Token.revoked_at.is_(None) & (Token.expires_at > func.now()) & ~of_older
    return (Token.account_id == work.account_id) & (Token.user_id == user_id) & stands


def _record(work: UnitOfWork, user_id: UUID, ids: list[UUID]) -> None:
    after = {"count": len(ids), "sessions": [str(each) for each in ids[:_NAMED]]}
    work.record(EventKind.SESSION_REVOKED, "user", user_id, after=after)
