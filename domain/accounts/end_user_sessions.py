"""Ending all sessions of a user (B19)."""

from uuid import UUID

from domain.accounts.finders import find_user
from domain.accounts.sessions import end_sessions
from domain.authorization import require
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def end_user_sessions(work: UnitOfWork, user_id: UUID) -> UUID:
    """End all sessions of an active user and return their id; the session of this unit stays.

    Declines NOT_PERMITTED and NOT_FOUND.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await find_user(work, user_id)
    await end_sessions(work, user.id, but=work.actor.token_id)
    return user.id
