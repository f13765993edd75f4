"""Deleting a custom role that no user has (B20)."""

from uuid import UUID

from sqlalchemy import func, select

from domain import accounts
from domain.accounts import CustomRoleHolder
from domain.authorization import require
from domain.errors import Refusal
from domain.events.event import EventKind
from domain.people.custom_roles import lock_role, role_payload
from domain.unit_of_work import UnitOfWork
from policies import Permission


class RoleInUse(Refusal):
    """Users have the role; `holders` is how many."""

    code = "ROLE_IN_USE"

    def __init__(self, holders: int) -> None:
        people = "1 user has" if holders == 1 else f"{holders} users have"
        super().__init__(
            f"{people} this role: remove it from them first, from invited and inactive users too.",
            field=("roleId",),
            holders=holders,
        )


async def delete_role(work: UnitOfWork, role_id: UUID) -> None:
    """Delete a custom role that no user has. Declines NOT_PERMITTED, NOT_FOUND, and ROLE_IN_USE with the number of "
    "users."""
    require(work.actor, Permission.PEOPLE_MANAGE)
    await accounts.lock_account(work)
    role = await lock_role(work, role_id)
    holding = (CustomRoleHolder.account_id == work.account_id) & (CustomRoleHolder.role_id == role.id)
    counted = select(func.count()).select_from(CustomRoleHolder).where(holding)
    holders = (await work.session.execute(counted)).scalar_one()
    if holders:
        raise RoleInUse(holders)
    await work.session.delete(role)
    work.record(EventKind.ROLE_DELETED, "role", role.id, before=role_payload(role))
