"""Signing out, which revokes the token of this unit."""

from sqlalchemy import update

from domain.accounts.user import Token
from domain.actor import ActorKind
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork


async def sign_out(work: UnitOfWork) -> None:
    """Revoke the token of this unit. An app has no session to end."""
    actor = work.actor
    if actor.kind is not ActorKind.PERSON or actor.id is None or actor.token_id is None:
        return
    ended = update(Token).where(Token.account_id == work.account_id, Token.id == actor.token_id)
    await work.session.execute(ended.values(revoked_at=await work.clock()))
    work.record(EventKind.SIGNED_OUT, "user", actor.id, after={"token": str(actor.token_id)})
