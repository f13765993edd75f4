"""What a CSV event log says of each ticket's stays, read with nothing of ours, and what the database says of them."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import text

from policies import Role
from tests.support.world import World

VISITS = text("""
    SELECT origin.number, stage.label, visit.entered_at, came.name AS came_by, visit.left_at, left_by.name AS left_by
      FROM visit
      JOIN imported_ticket AS origin USING (account_id, ticket_id)
      JOIN stage ON stage.account_id = visit.account_id AND stage.id = visit.stage_id
      LEFT JOIN account_user AS came ON came.account_id = visit.account_id AND came.id = visit.entered_by
      LEFT JOIN account_user AS left_by ON left_by.account_id = visit.account_id AND left_by.id = visit.left_by
     WHERE origin.source = :source
     ORDER BY visit.ticket_id, visit.entered_at, visit.id""")


class Stay(NamedTuple):
    """One stay in a stage: from when, by whom, until when, ended by whom."""

    stage: str
    entered_at: datetime
    entered_by: str | None
    left_at: datetime | None
    left_by: str | None


class Layout(NamedTuple):
    """Where a file has what, and how it writes times; `labels` are those of stages that have another one here."""

    number: str
    stage: str
    time: str
    actor: str
    form: str
    zone: str
    none: str
    labels: Mapping[str, str] = MappingProxyType({})


Stays = dict[str, list[Stay]]


def told_by(path: Path, layout: Layout) -> Stays:
    """The stays of each ticket as the file has them; a time that goes back counts as the one before."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    stays: Stays = {}
    for row in rows:
        own = stays.setdefault(row[layout.number], [])
        at = datetime.strptime(row[layout.time], layout.form).replace(tzinfo=ZoneInfo(layout.zone)).astimezone(UTC)
        at = max([at, *[stay.entered_at for stay in own]])
        by = None if row[layout.actor] == layout.none else row[layout.actor]
        stage = layout.labels.get(row[layout.stage], row[layout.stage])
        if not own or own[-1].stage != stage:
            own[-1:] = [stay._replace(left_at=at, left_by=by) for stay in own[-1:]]
            own.append(Stay(stage, at, by, None, None))
    return stays


async def kept_in(world: World, source: str) -> Stays:
    """The stays of each ticket of a source as the database has them."""
    stays: Stays = {}
    async with world.looking(Role.OPERATOR) as work:
        for number, *stay in await work.session.execute(VISITS, {"source": source}):
            stays.setdefault(number, []).append(Stay(*stay))
    return stays
