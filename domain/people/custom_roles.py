"""Custom roles: what creating, updating and deleting one have in common (spec, section C)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, func, select

from domain.accounts import CustomRole, givable
from domain.database.model import Json
from domain.errors import Invalid, NotFound
from domain.unit_of_work import UnitOfWork
from policies import Permission, may_be_given

MOST_ROLES = 200


_FIELD = ("permissions",)


def read_permissions(names: Iterable[str]) -> frozenset[Permission]:
    """The permissions of these names. Declines INVALID for none, and for names of no permission that can be granted."""
    wanted = frozenset(names)
    given = givable(wanted)
    if not wanted:
        raise Invalid("A role has at least one permission; delete a role that needs none.", field=_FIELD)
    if len(given) < len(wanted):
        can_be = ", ".join(each.value for each in Permission if may_be_given(each))
        wrong = min(wanted - given)[:100]
        raise Invalid(f"{wrong!r} is not a permission that can be granted. These can: {can_be}.", field=_FIELD)
    return given


async def lock_role(work: UnitOfWork, role_id: UUID) -> CustomRole:
    """Lock a custom role and read it again. Declines NOT_FOUND."""
    statement = select(CustomRole).where(CustomRole.account_id == work.account_id, CustomRole.id == role_id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    role = (await work.session.execute(locked)).scalar_one_or_none()
    if role is None:
        raise NotFound("custom role", field=("roleId",))
    return role


async def check_role_name(work: UnitOfWork, name: str) -> None:
    """Decline INVALID for a name that another custom role has."""
    taken = exists().where(CustomRole.account_id == work.account_id, CustomRole.name == name)
    if (await work.session.execute(select(taken))).scalar_one():
        raise Invalid("Another custom role has this name.", field=("name",))


def role_payload(role: CustomRole) -> Json:
    """A custom role as events store it."""
    return {"name": role.name, "permissions": list(role.permissions)}


async def check_room_for_role(work: UnitOfWork) -> None:
    """Decline INVALID if the account has as many custom roles as it can have."""
    counted = select(func.count()).select_from(CustomRole).where(CustomRole.account_id == work.account_id)
    if (await work.session.execute(counted)).scalar_one() >= MOST_ROLES:
        raise Invalid(f"An account has at most {MOST_ROLES} custom roles: delete one that is not needed.")
