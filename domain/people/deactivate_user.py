"""Leaving and coming back: who is deactivated is out at once, and what they did and own stays as it is (S12, B19)."""

from uuid import UUID

from domain import accounts, apps
from domain.accounts import UserState
from domain.authorization import require
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.people.invite_user import has_joined
from domain.people.role_rules import held_roles
from domain.people.user_locks import keep_a_super_admin, lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role


async def deactivate_user(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> None:
    """End a membership: the user's sessions end with it, their tickets keep owner and history, and their apps wait to
    be adopted (B19, B32).

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, LAST_SUPER_ADMIN, and INVALID for who is not active.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    if user.state is UserState.INVITED:
        raise Invalid("This person has not joined yet: cancel the invitation instead.", field=("userId",))
    if user.state is UserState.INACTIVE:
        raise Invalid("This user is inactive already.", field=("userId",))
    await keep_a_super_admin(work, user)
    await accounts.end_sessions(work, user.id)
    if Role.SUPER_ADMIN in user.role_set:
        await apps.suspend_apps(work, user.id)
    user.active, user.deactivated_at = False, await work.clock()
    user.revision += 1
    before, after = {"state": UserState.ACTIVE.value}, {"state": UserState.INACTIVE.value}
    work.record(EventKind.USER_DEACTIVATED, "user", user.id, before=before, after=after)


async def reactivate_user(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> None:
    """Let somebody who left sign in again, with the roles, scopes and teams that they had.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID for who is not inactive or never joined, and PLAN_TOO_LOW for
    who holds a custom role below ENTERPRISE: that would give it anew (B20).
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    if user.state is not UserState.INACTIVE:
        raise Invalid("Only who is inactive can be reactivated.", field=("userId",))
    if user.identity_id is None:
        raise Invalid("This stands in for whom an import names; nobody can sign in as it.", field=("userId",))
    if not await has_joined(work, user.id):
        raise Invalid("This person never joined: renew the invitation instead.", field=("userId",))
    if (await held_roles(work, user)).custom:
        require(work.actor, Permission.ROLE_DEFINE)
    user.active, user.deactivated_at = True, None
    user.revision += 1
    before, after = {"state": UserState.INACTIVE.value}, {"state": UserState.ACTIVE.value}
    work.record(EventKind.USER_REACTIVATED, "user", user.id, before=before, after=after)
