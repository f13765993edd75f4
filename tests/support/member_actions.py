"""What who manages people does in tests, each deed in a unit of its own; by a super admin unless said otherwise."""

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain import accounts, people
from domain.accounts import User
from domain.actor import TicketScope
from domain.database.model import new_id
from domain.people import Invited, Invitee, Roles, Scopes
from domain.unit_of_work import writing
from policies import Role
from tests.support import concurrency, db_state
from tests.support.actions import Who
from tests.support.world import World

AGENT = Roles(frozenset({Role.AGENT}))
ALL = Scopes()
ADMIN = Roles(frozenset({Role.SUPER_ADMIN}))


def roles(*built_in: Role, custom: tuple[UUID, ...] = ()) -> Roles:
    """A set of roles."""
    return Roles(frozenset(built_in), frozenset(custom))


def nobody() -> User:
    """A user that is of no account."""
    return User(id=new_id(), name="Nobody")


async def find(world: World, user_id: UUID) -> people.Member:
    """A user with all that is decided about them, as the operator sees it."""
    async with world.looking(Role.OPERATOR) as work:
        return await people.find_member(work, user_id)


async def invite(
    world: World,
    email: str = "",
    *,
    name: str = "Kim",
    to_be: Roles = AGENT,
    scopes: Scopes = ALL,
    teams: tuple[UUID, ...] = (),
    who: Who = Role.SUPER_ADMIN,
) -> Invited:
    """Invite somebody, by an address of this world's unless one is given."""
    invitee = Invitee(email or f"kim@{world.slug}.test", name, to_be, scopes, teams)
    async with world.acting(who) as work:
        return await people.invite_user(work, invitee)


async def renew(world: World, user_id: UUID, *, who: Who = Role.SUPER_ADMIN) -> Invited:
    """Invite somebody again."""
    async with world.acting(who) as work:
        return await people.renew_invitation(work, user_id)


async def cancel(world: World, user_id: UUID, *, who: Who = Role.SUPER_ADMIN) -> None:
    """Take an invitation back."""
    async with world.acting(who) as work:
        await people.cancel_invitation(work, user_id)


async def accept(
    world: World, token: str, *, verified: str | None = None, fresh: str | None = "hashed", name: str | None = None
) -> User:
    """Accept an invitation, by its token."""
    bearer = accounts.read_token(token)
    admit = people.invitee(bearer.account_id, bearer.secret_hash)
    async with writing(world.sessions, bearer.account_id, admit) as work:
        return await people.accept_invitation(work, bearer.secret_hash, verified=verified, fresh=fresh, name=name)


async def hire(world: World, email: str = "", *, to_be: Roles = AGENT, name: str = "Kim") -> User:
    """Invite somebody who accepts at once."""
    return await accept(world, (await invite(world, email, to_be=to_be, name=name, who=Role.OPERATOR)).token)


async def appoint(
    world: World, user: User, to_be: Roles, *, who: Who = Role.SUPER_ADMIN, revision: int | None = None
) -> None:
    """Set a user's roles."""
    async with world.acting(who) as work:
        await people.set_user_roles(work, user.id, to_be, expected_revision=revision)


async def scope(
    world: World,
    user: User,
    view: TicketScope,
    edit: TicketScope,
    *,
    who: Who = Role.SUPER_ADMIN,
    revision: int | None = None,
) -> None:
    """Set a user's ticket scopes."""
    async with world.acting(who) as work:
        await people.set_ticket_scopes(work, user.id, Scopes(view, edit), expected_revision=revision)


async def deactivate(world: World, user: User, *, who: Who = Role.SUPER_ADMIN, revision: int | None = None) -> None:
    """Let a user go."""
    async with world.acting(who) as work:
        await people.deactivate_user(work, user.id, expected_revision=revision)


async def reactivate(world: World, user: User, *, who: Who = Role.SUPER_ADMIN) -> None:
    """Let a user come back."""
    async with world.acting(who) as work:
        await people.reactivate_user(work, user.id)


async def define(world: World, *permissions: str, name: str = "Triage", who: Who = Role.SUPER_ADMIN) -> UUID:
    """Define a custom role."""
    async with world.acting(who) as work:
        return await people.create_role(work, name=name, permissions=permissions)


async def redefine(
    world: World,
    role_id: UUID,
    *permissions: str,
    name: str | None = None,
    who: Who = Role.SUPER_ADMIN,
    revision: int | None = None,
) -> None:
    """Change a custom role; its permissions stay where none are named."""
    async with world.acting(who) as work:
        await people.update_role(work, role_id, name=name, permissions=permissions or None, expected_revision=revision)


async def drop_role(world: World, role_id: UUID, *, who: Who = Role.SUPER_ADMIN) -> None:
    """Delete a custom role."""
    async with world.acting(who) as work:
        await people.delete_role(work, role_id)


async def sign_in(world: World, user: User) -> str:
    """A token of a user, as the operator gives one."""
    async with world.acting(Role.OPERATOR) as work:
        token, _ = await accounts.issue_token(work, user.id, timedelta(hours=1))
    return token


async def at_the_same_moment(world: World, *deeds: Coroutine[Any, Any, Any]) -> list[Any]:
    """What each deed came to when all of them were let in before any of them could go on."""
    async with world.acting(Role.OPERATOR) as work:
        await accounts.lock_account(work)
        begun = [concurrency.start(deed) for deed in deeds]
        await concurrency.until_waiting(world, len(begun))
    return await concurrency.together(*begun)


async def active_super_admins(world: World) -> set[str]:
    """The names of those who can manage the account."""
    async with world.looking(Role.OPERATOR) as work:
        return {user.name for user in await accounts.list_users(work) if Role.SUPER_ADMIN in user.role_set}


async def expire(world: World, user_id: UUID) -> None:
    """Let the time of a user's invitation be over."""
    await db_state.execute(world, "UPDATE invitation SET expires_at = now() WHERE user_id = :user", user=user_id)
