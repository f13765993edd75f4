"""Updating a custom role (B19, B20)."""

from collections.abc import Iterable
from uuid import UUID

from domain import accounts
from domain.accounts import givable
from domain.authorization import require
from domain.errors import expect_revision
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.people.custom_roles import check_role_name, lock_role, read_permissions, role_payload
from domain.people.role_rules import require_held
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def update_role(
    work: UnitOfWork,
    role_id: UUID,
    *,
    name: str | None = None,
    permissions: Iterable[str] | None = None,
    expected_revision: int | None = None,
) -> None:
    """Rename a custom role, or replace its permissions; effective from the next request of its users on (B19).

    Declines what creating one declines, NOT_FOUND and CONFLICT. Below ENTERPRISE permissions can be removed, and
    nothing else (B20).
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    await accounts.lock_account(work)
    role = await lock_role(work, role_id)
    expect_revision(role.revision, expected_revision)
    held = givable(role.permissions)
    wanted = held if permissions is None else read_permissions(permissions)
    label = role.name if name is None else clean_label(name, field=("name",))
    if label != role.name or wanted - held:
        require(work.actor, Permission.ROLE_DEFINE)
    require_held(work.actor, wanted - held)
    if label != role.name:
        await check_role_name(work, label)
    before = role_payload(role)
    role.name, role.permissions = label, sorted(wanted)
    if role_payload(role) == before:
        return
    role.revision += 1
    work.record(EventKind.ROLE_UPDATED, "role", role.id, before=before, after=role_payload(role))
