"""The sessions of people: seeing one's own, ending them, and changing the password, which ends all others."""

from dataclasses import dataclass
from uuid import UUID

from domain import accounts
from domain.idempotency import IdempotentRequest
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context


@dataclass(frozen=True)
class SessionsView:
    """A user's own sessions by id, and the one that this request came with, if it came with one."""

    sessions: dict[UUID, accounts.Token]
    current: UUID | None


async def list_sessions(context: Context) -> SessionsView:
    """The viewer's own sessions; an app has none."""
    async with context.reading() as work:
        found = await accounts.list_sessions(work)
        return SessionsView({each.id: each for each in found}, work.actor.token_id)


async def revoke_session(context: Context, once: IdempotentRequest, *, session_id: UUID) -> UUID:
    """End one of the viewer's own sessions, which may be the one that asks."""

    async def verb(work: UnitOfWork) -> UUID:
        await accounts.end_session(work, session_id)
        return session_id

    return await context.perform(once, verb)


async def revoke_other_sessions(context: Context, once: IdempotentRequest) -> SessionsView:
    """End all of the viewer's own sessions but the one that asks."""
    await context.perform(once, accounts.end_other_sessions)
    return await list_sessions(context)


async def end_user_sessions(context: Context, once: IdempotentRequest, *, user_id: UUID) -> None:
    """End all sessions of a user but the one that asks."""

    async def verb(work: UnitOfWork) -> UUID:
        return await accounts.end_user_sessions(work, user_id)

    await context.perform(once, verb)


async def change_password(context: Context, *, current: str, new: str) -> None:
    """Verify the current password as signing in does, and put the new one in its place; other sessions end."""
    passwords = context.services.passwords
    async with context.writing() as work:  # a unit that ends before the passwords are hashed
        identity = await accounts.find_own_identity(work)
    accounts.check_password(new, email=identity.email, old=current, longest=passwords.longest)
    keys = await context.throttling.count_password(identity.email)
    if not await passwords.verify(identity.password_hash, current):
        raise accounts.WrongPassword
    fresh = await passwords.hash(new)
    async with context.writing() as work:
        await accounts.change_password(work, identity, fresh)
        await accounts.forget_attempts(work.session, forget=keys.email_there, forgive=[keys.network, keys.email])
