"""Placeholders: inactive users and teams that stand in for whom an import names, until somebody real takes their place.

Nobody signs in as one and no ticket can be given to one; they are known again by the source and their name there.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from domain.accounts.user import Team, User
from domain.authorization import require
from domain.database.bulk_insert import load
from domain.database.model import new_id
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission

People = type[User] | type[Team]


async def ensure_placeholders(
    work: UnitOfWork, people: People, source: str, names: Iterable[str]
) -> tuple[dict[str, UUID], int]:
    """A user or team for each name that a source has for one, made where an earlier import did not; and how many were.

    Call with the account locked. Declines NOT_PERMITTED.
    """
    require(work.actor, Permission.DATA_TRANSFER)
    wanted = {_imported_as(source, name): name for name in sorted(names)}
    if not wanted:
        return {}, 0
    found = await _find(work, people, list(wanted))
    missing: list[dict[str, Any]] = [
        {"account_id": work.account_id, "id": new_id(), "name": name, "active": False, "imported_as": imported_as}
        for imported_as, name in wanted.items()
        if imported_as not in found
    ]
    await load(work.session, people, missing)
    for row in missing:
        _record(work, people, row)
    found |= {row["imported_as"]: row["id"] for row in missing}
    return {name: found[imported_as] for imported_as, name in wanted.items()}, len(missing)


async def _find(work: UnitOfWork, people: People, imported_as: list[str]) -> dict[str, UUID]:
    named = people.imported_as == any_(bindparam("imported_as", imported_as, ARRAY(Text)))
    statement = select(people.imported_as, people.id).where(people.account_id == work.account_id, named)
    rows = await work.session.execute(statement)
    return {found: each for found, each in rows if found is not None}


def _record(work: UnitOfWork, people: People, row: dict[str, Any]) -> None:
    kind = "user" if people is User else "team"
    after = {"name": row["name"], "importedAs": row["imported_as"]}
    work.record(EventKind.PLACEHOLDER_CREATED, kind, row["id"], after=after)


def _imported_as(source: str, name: str) -> str:
    return f"{source}/{name}"
