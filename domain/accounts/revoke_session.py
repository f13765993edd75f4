"""Revoking one of the actor's own sessions (B19)."""

from uuid import UUID

from sqlalchemy import update

from domain.accounts.sessions import is_valid, record_revoked
from domain.accounts.user import Token
from domain.errors import NotFound
from domain.unit_of_work import UnitOfWork


async def revoke_session(work: UnitOfWork, session_id: UUID) -> None:
    """Revoke one of the actor's sessions. Declines NOT_FOUND, also for sessions of other users and ended ones."""
    valid = is_valid(work, work.actor.user_id)
    ended = update(Token).where(valid, Token.id == session_id).values(revoked_at=await work.clock())
    user_id = (await work.session.execute(ended.returning(Token.user_id))).scalar_one_or_none()
    if user_id is None:
        raise NotFound("session", field=("sessionId",))
    record_revoked(work, user_id, [session_id])
