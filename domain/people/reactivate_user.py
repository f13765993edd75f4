"""Reactivating a user who was deactivated (B20)."""

from uuid import UUID

from domain.accounts import UserState
from domain.authorization import require
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.people.invitations import has_joined
from domain.people.role_rules import held_roles
from domain.people.user_locks import lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def reactivate_user(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> None:
    """Reactivate a user, with the roles, scopes and teams that they had.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID for users who are not inactive or never joined, and
    PLAN_TOO_LOW for users with a custom role below ENTERPRISE, since that would grant it again (B20).
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    if user.state is not UserState.INACTIVE:
        raise Invalid("Only an inactive user can be reactivated.", field=("userId",))
    if user.identity_id is None:
        raise Invalid("This is the placeholder of an import; nobody can sign in as it.", field=("userId",))
    if not await has_joined(work, user.id):
        raise Invalid("This person never joined: renew the invitation instead.", field=("userId",))
    if (await held_roles(work, user)).custom:
        require(work.actor, Permission.ROLE_DEFINE)
    user.active, user.deactivated_at = True, None
    user.revision += 1
    before, after = {"state": UserState.INACTIVE.value}, {"state": UserState.ACTIVE.value}
    work.record(EventKind.USER_REACTIVATED, "user", user.id, before=before, after=after)
