"""Revoking the actor's sessions but the one of this unit (B19)."""

from uuid import UUID

from domain.accounts.sessions import end_sessions
from domain.unit_of_work import UnitOfWork


async def revoke_other_sessions(work: UnitOfWork) -> UUID:
    """Revoke all sessions of the actor but the one of this unit, and return the actor's id. An app has none."""
    if work.actor.user_id is not None:
        await end_sessions(work, work.actor.user_id, but=work.actor.token_id)
    return work.actor.id or UUID(int=0)
