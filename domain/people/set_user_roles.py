"""Appointing: which roles a user holds, built-in and custom ones, as a whole (spec, section C)."""

from uuid import UUID

from domain import apps
from domain.authorization import require
from domain.events.event import EventKind
from domain.people.role_rules import Roles, assign_roles, check_assignment, held_roles, roles_payload
from domain.people.user_locks import keep_a_super_admin, lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role


async def set_user_roles(
    work: UnitOfWork, user_id: UUID, roles: Roles, *, expected_revision: int | None = None
) -> None:
    """Let a user hold exactly these roles; it holds from the user's next request on, and a super admin who is one no
    more leaves their apps to be adopted (B19, B32).

    Declines NOT_PERMITTED, also for what the actor does not hold, NOT_FOUND, INVALID for no role at all, PLAN_TOO_LOW
    for a custom role more below ENTERPRISE (B20), LAST_SUPER_ADMIN and CONFLICT.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    held = await held_roles(work, user)
    await check_assignment(work, roles, held=held)
    if roles == held:
        return
    if Role.SUPER_ADMIN in held.built_in - roles.built_in:
        await keep_a_super_admin(work, user)
        await apps.suspend_apps(work, user.id)
    await assign_roles(work, user, roles, held=held)
    user.revision += 1
    work.record(EventKind.USER_ROLES_UPDATED, "user", user.id, before=roles_payload(held), after=roles_payload(roles))
