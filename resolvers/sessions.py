"""The sessions of people: seeing one's own, ending them, and changing the password, which ends all others."""

from dataclasses import dataclass
from uuid import UUID

from domain import accounts
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context
from resolvers.mutation import mutation, plain_mutation
from resolvers.related import Includes


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


async def _reread(context: Context, _: UUID, __: Includes) -> SessionsView:
    return await list_sessions(context)


@plain_mutation
async def revoke_session(work: UnitOfWork, *, session_id: UUID) -> UUID:
    """Revoke one of the viewer's sessions, which may be that of the request."""
    await accounts.revoke_session(work, session_id)
    return session_id


@mutation(reread=_reread)
async def revoke_other_sessions(work: UnitOfWork) -> UUID:
    """Revoke all sessions of the viewer but that of the request."""
    return await accounts.revoke_other_sessions(work)


@plain_mutation
async def end_user_sessions(work: UnitOfWork, *, user_id: UUID) -> UUID:
    """End all sessions of a user but that of the request."""
    return await accounts.end_user_sessions(work, user_id)


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
