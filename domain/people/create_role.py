"""Defining custom roles: named sets of permissions that the law lets be given (ENTERPRISE; spec, section C).

After a downgrade they stay in force, and can only be narrowed or deleted (B20).
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, func, select

from domain import accounts
from domain.accounts import CustomRole, CustomRoleHolder, givable
from domain.authorization import require
from domain.database.model import Json, new_id
from domain.errors import Invalid, NotFound, Refusal, expect_revision
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.people.role_rules import hold
from domain.unit_of_work import UnitOfWork
from policies import Permission, may_be_given

MOST_ROLES = 200
_FIELD = ("permissions",)


class RoleInUse(Refusal):
    """Users hold the role; says how many."""

    code = "ROLE_IN_USE"

    def __init__(self, holders: int) -> None:
        people = "1 user holds" if holders == 1 else f"{holders} users hold"
        super().__init__(
            f"{people} this role: take it from them first, those included who are invited or inactive.",
            field=("roleId",),
            holders=holders,
        )


async def create_role(work: UnitOfWork, *, name: str, permissions: Iterable[str]) -> UUID:
    """Define a role of the account's own.

    Declines NOT_PERMITTED, also for permissions that the actor does not hold, PLAN_TOO_LOW below ENTERPRISE, and
    INVALID for a name that is taken or cannot be one and for permissions that cannot be given.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    require(work.actor, Permission.ROLE_DEFINE)
    name, given = clean_label(name, field=("name",)), read_permissions(permissions)
    hold(work.actor, given)
    await accounts.lock_account(work)
    await _check_room(work)
    await _check_name(work, name)
    role = CustomRole(
        account_id=work.account_id, id=new_id(), name=name, permissions=sorted(given), created_at=await work.clock()
    )
    work.session.add(role)
    work.record(EventKind.ROLE_CREATED, "role", role.id, after=_told(role))
    return role.id


async def update_role(
    work: UnitOfWork,
    role_id: UUID,
    *,
    name: str | None = None,
    permissions: Iterable[str] | None = None,
    expected_revision: int | None = None,
) -> None:
    """Rename a role, or let it allow exactly these permissions; it holds from its holders' next request on (B19).

    Declines as defining one does, NOT_FOUND and CONFLICT. Below ENTERPRISE permissions can be taken from it, and
    nothing else (B20).
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    await accounts.lock_account(work)
    role = await _lock(work, role_id)
    expect_revision(role.revision, expected_revision)
    held = givable(role.permissions)
    wanted = held if permissions is None else read_permissions(permissions)
    label = role.name if name is None else clean_label(name, field=("name",))
    if label != role.name or wanted - held:
        require(work.actor, Permission.ROLE_DEFINE)
    hold(work.actor, wanted - held)
    if label != role.name:
        await _check_name(work, label)
    before = _told(role)
    role.name, role.permissions = label, sorted(wanted)
    if _told(role) == before:
        return
    role.revision += 1
    work.record(EventKind.ROLE_UPDATED, "role", role.id, before=before, after=_told(role))


async def delete_role(work: UnitOfWork, role_id: UUID) -> None:
    """Delete a role that nobody holds. Declines NOT_PERMITTED, NOT_FOUND, and ROLE_IN_USE with how many do."""
    require(work.actor, Permission.PEOPLE_MANAGE)
    await accounts.lock_account(work)
    role = await _lock(work, role_id)
    holding = (CustomRoleHolder.account_id == work.account_id) & (CustomRoleHolder.role_id == role.id)
    counted = select(func.count()).select_from(CustomRoleHolder).where(holding)
    holders = (await work.session.execute(counted)).scalar_one()
    if holders:
        raise RoleInUse(holders)
    await work.session.delete(role)
    work.record(EventKind.ROLE_DELETED, "role", role.id, before=_told(role))


def read_permissions(names: Iterable[str]) -> frozenset[Permission]:
    """The permissions of these names. Declines INVALID for none, and for names that are no permission which can be
    given, with those that can.
    """
    wanted = frozenset(names)
    given = givable(wanted)
    if not wanted:
        raise Invalid("A role allows at least one permission; one that is to allow none can be deleted.", field=_FIELD)
    if len(given) < len(wanted):
        can_be = ", ".join(each.value for each in Permission if may_be_given(each))
        wrong = min(wanted - given)[:100]
        raise Invalid(f"{wrong!r} is no permission that can be given; these can: {can_be}.", field=_FIELD)
    return given


async def _lock(work: UnitOfWork, role_id: UUID) -> CustomRole:
    statement = select(CustomRole).where(CustomRole.account_id == work.account_id, CustomRole.id == role_id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    role = (await work.session.execute(locked)).scalar_one_or_none()
    if role is None:
        raise NotFound("custom role", field=("roleId",))
    return role


async def _check_room(work: UnitOfWork) -> None:
    counted = select(func.count()).select_from(CustomRole).where(CustomRole.account_id == work.account_id)
    if (await work.session.execute(counted)).scalar_one() >= MOST_ROLES:
        raise Invalid(f"An account has at most {MOST_ROLES} custom roles: delete one that nobody needs.")


async def _check_name(work: UnitOfWork, name: str) -> None:
    taken = exists().where(CustomRole.account_id == work.account_id, CustomRole.name == name)
    if (await work.session.execute(select(taken))).scalar_one():
        raise Invalid("Another custom role has this name.", field=("name",))


def _told(role: CustomRole) -> Json:
    return {"name": role.name, "permissions": list(role.permissions)}
