"""Creating a custom role, a named set of permissions (ENTERPRISE; spec, section C)."""

from collections.abc import Iterable
from uuid import UUID

from domain import accounts
from domain.accounts import CustomRole
from domain.authorization import require
from domain.database.model import new_id
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.people.custom_roles import check_role_name, check_room_for_role, read_permissions, role_payload
from domain.people.role_rules import require_held
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def create_role(work: UnitOfWork, *, name: str, permissions: Iterable[str]) -> UUID:
    """Create a custom role.

    Declines NOT_PERMITTED, also for permissions that the actor does not have; PLAN_TOO_LOW below ENTERPRISE; INVALID
    for a name that is invalid or taken, and for permissions that cannot be granted.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    require(work.actor, Permission.ROLE_DEFINE)
    name, given = clean_label(name, field=("name",)), read_permissions(permissions)
    require_held(work.actor, given)
    await accounts.lock_account(work)
    await check_room_for_role(work)
    await check_role_name(work, name)
    role = CustomRole(
        account_id=work.account_id, id=new_id(), name=name, permissions=sorted(given), created_at=await work.clock()
    )
    work.session.add(role)
    work.record(EventKind.ROLE_CREATED, "role", role.id, after=role_payload(role))
    return role.id
