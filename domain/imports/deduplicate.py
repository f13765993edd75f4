"""Sifting: which rows of histories are news, and whom and what those name; known rows stay out of an import."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, true

from domain.authorization import require
from domain.database.bulk_insert import unnest, unnest_params
from domain.imports.history import History, Step, Unseen
from domain.tickets import ImportedTicket
from domain.unit_of_work import UnitOfWork
from policies import Permission

_AT_ONCE = 5000  # histories in one statement


class Known(NamedTuple):
    """A ticket that came in before, and which rows of its history are news."""

    ticket_id: UUID
    unseen: Unseen


class NewRows(NamedTuple):
    """The histories with rows that were not taken before, and the names in them by their first appearance: of stages
    in those rows alone, so that no stage is asked for that nothing new enters; of people and teams in all.
    """

    histories: list[History]
    stages: list[str]
    people: list[str]
    teams: list[str]


async def find_new_rows(work: UnitOfWork, source: str, histories: Sequence[History]) -> NewRows:
    """What an import of these histories would have to do with. Declines NOT_PERMITTED."""
    require(work.actor, Permission.DATA_TRANSFER)
    fresh: list[History] = []
    stages: dict[str, None] = {}
    for start in range(0, len(histories), _AT_ONCE):
        asked = histories[start : start + _AT_ONCE]
        known = await find_known(work, source, asked)
        for history in asked:
            origin = known.get(history.number)
            if origin is None or origin.unseen.digests:
                fresh.append(history)
                stages |= dict.fromkeys(step.stage for step in history.steps if _is_new(step, origin))
    steps = [step for history in fresh for step in history.steps]
    people = dict.fromkeys(name for step in steps for name in (step.actor, step.says.owner) if name is not None)
    teams = dict.fromkeys(step.says.team for step in steps if step.says.team is not None)
    return NewRows(fresh, list(stages), list(people), list(teams))


async def find_known(work: UnitOfWork, source: str, histories: Sequence[History]) -> dict[str, Known]:
    """The tickets that came from these histories before, by their number in the source."""
    asked = unnest(ImportedTicket, ["number"])
    origin = (
        select(ImportedTicket.number, ImportedTicket.ticket_id, ImportedTicket.row_digests)
        .where(
            ImportedTicket.account_id == work.account_id,
            ImportedTicket.source == source,
            ImportedTicket.number == asked.c.number,
        )
        # One look into the unique index for each; else a table that is new to the planner is read as a whole.
        .limit(1)
        .lateral()
    )
    statement = select(origin.c.number, origin.c.ticket_id, origin.c.row_digests).select_from(asked)
    numbers = unnest_params([{"number": history.number} for history in histories])
    found = await work.session.execute(statement.join(origin, true()), numbers)
    seen = {number: (ticket, digests) for number, ticket, digests in found}
    return {
        history.number: Known(seen[history.number][0], history.unseen(seen[history.number][1]))
        for history in histories
        if history.number in seen
    }


def _is_new(step: Step, origin: Known | None) -> bool:
    return origin is None or step.row in origin.unseen.rows
