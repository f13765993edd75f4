"""Renaming: what a user is called in the account."""

from uuid import UUID

from domain.authorization import require
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.people.user_locks import lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def rename_user(work: UnitOfWork, user_id: UUID, name: str, *, expected_revision: int | None = None) -> None:
    """Change what a user is called in this account; in others they are called as before.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, and INVALID for a name that cannot be one.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    name = clean_label(name, field=("name",))
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    if name == user.name:
        return
    before, user.name = {"name": user.name}, name
    user.revision += 1
    work.record(EventKind.USER_UPDATED, "user", user.id, before=before, after={"name": name})
