"""Rules for assigning roles: only permissions that the actor has, and custom roles on ENTERPRISE (spec, section C).

After a downgrade assigned custom roles stay in force, and can only be removed (B20).
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select

from domain.accounts import CustomRole, CustomRoleHolder, User, givable
from domain.actor import Actor
from domain.authorization import require
from domain.database.model import Json
from domain.errors import Invalid, NotFound, NotPermitted
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role, permissions_of

MOST_CUSTOM_ROLES_OF_A_USER = 50


class Roles(NamedTuple):
    """All the roles of a user: built-in ones, and custom ones by id."""

    built_in: frozenset[Role]
    custom: frozenset[UUID] = frozenset()


async def held_roles(work: UnitOfWork, user: User) -> Roles:
    """The roles that a user has."""
    held = select(CustomRoleHolder.role_id).where(
        CustomRoleHolder.account_id == work.account_id, CustomRoleHolder.user_id == user.id
    )
    return Roles(user.role_set, frozenset((await work.session.execute(held)).scalars()))


async def check_assignment(work: UnitOfWork, roles: Roles, *, held: Roles) -> None:
    """Check that the actor may replace the roles `held` of a user by these.

    Declines INVALID for no role and for OPERATOR, NOT_FOUND for custom roles that do not exist, NOT_PERMITTED for
    permissions that the actor does not have, and PLAN_TOO_LOW for another custom role on a plan without them.
    """
    if Role.OPERATOR in roles.built_in:
        raise Invalid("OPERATOR is the role of the command line; no user can have it.", field=("roles",))
    if not roles.built_in and not roles.custom:
        raise Invalid("A user has at least one role; VIEWER is the least.", field=("roles",))
    if len(roles.custom) > MOST_CUSTOM_ROLES_OF_A_USER:
        most = MOST_CUSTOM_ROLES_OF_A_USER
        raise Invalid(f"A user has at most {most} custom roles.", field=("customRoleIds",))
    added = await _find(work, roles.custom - held.custom)
    require_held(work.actor, permissions_of(roles.built_in - held.built_in))
    if added:
        require(work.actor, Permission.ROLE_DEFINE)
        require_held(work.actor, givable(name for role in added for name in role.permissions))


def require_held(actor: Actor, permissions: Iterable[Permission]) -> None:
    """Decline NOT_PERMITTED unless the actor has all permissions that they are about to grant."""
    missing = sorted(frozenset(permissions) - actor.permissions)
    if missing:
        message = f"You can grant only permissions that you have, and you do not have {missing[0].value}."
        raise NotPermitted(message, permission=missing[0].value)


async def assign_roles(work: UnitOfWork, user: User, roles: Roles, *, held: Roles) -> None:
    """Replace the roles of a user; custom roles that they had already keep their author (law 7)."""
    user.roles = sorted(roles.built_in)
    taken, added = held.custom - roles.custom, sorted(roles.custom - held.custom)
    if taken:
        theirs = delete(CustomRoleHolder).where(
            CustomRoleHolder.account_id == work.account_id,
            CustomRoleHolder.user_id == user.id,
            CustomRoleHolder.role_id.in_(taken),
        )
        await work.session.execute(theirs.execution_options(synchronize_session=False))
    at = await work.clock()
    work.session.add_all(
        CustomRoleHolder(account_id=work.account_id, role_id=role, user_id=user.id, given_by=work.actor.id, given_at=at)
        for role in added
    )


def roles_payload(roles: Roles) -> Json:
    """Roles as events store them."""
    return {"roles": sorted(roles.built_in), "customRoles": sorted(str(each) for each in roles.custom)}


async def _find(work: UnitOfWork, ids: frozenset[UUID]) -> list[CustomRole]:
    if not ids:
        return []
    statement = select(CustomRole).where(CustomRole.account_id == work.account_id, CustomRole.id.in_(ids))
    found = list((await work.session.execute(statement)).scalars())
    if len(found) < len(ids):
        raise NotFound("custom role", field=("customRoleIds",))
    return found
