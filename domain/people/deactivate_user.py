"""Deactivating a user: they lose access at once, and what they did and own is kept (S12, B19)."""

from uuid import UUID

from domain import accounts, apps
from domain.accounts import UserState
from domain.authorization import require
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.people.user_locks import keep_a_super_admin, lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role


async def deactivate_user(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> None:
    """Deactivate a user: their sessions end, their tickets keep owner and history, and their apps are suspended until
    another super admin adopts them (B19, B32).

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, LAST_SUPER_ADMIN, and INVALID for users who are not active.
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
