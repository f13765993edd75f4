"""Histories as another system would tell them, and the whole of an import around them, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from domain import imports
from domain.imports import Created, History, ImportContext, ImportRequirements, ImportSummary, Snapshot
from domain.pipelines import StageDraft, StageState
from policies import Role
from tests.support.world import LIMITS, World

SOURCE = "elsewhere"
START = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)
STAGES = {
    "New": StageDraft("New", StageState.OPEN),
    "Busy": StageDraft("Busy", StageState.OPEN),
    "Done": StageDraft("Closed", StageState.CLOSED),
}


class Told(NamedTuple):
    """A row of a history: how many minutes after the start, in which stage, by whom, and what it says."""

    minute: int
    stage: str
    actor: str | None = None
    owner: str | None = None
    team: str | None = None
    subject: str = "Broken gate"
    properties: tuple[str | None, ...] = ()


def at(minute: int) -> datetime:
    """A time by its minute after the start."""
    return START + timedelta(minutes=minute)


def history(number: str, *rows: Told) -> History:
    """A history of these rows, each known again by its stage and time."""
    made = History(number)
    for row in rows:
        says = Snapshot(row.subject, owner=row.owner, team=row.team, properties=row.properties)
        made.add(at(row.minute), row.stage, says, actor=row.actor, mark=f"{row.stage} {row.minute}")
    return made


def wanted(*histories: History, **others: Any) -> ImportRequirements:
    """What an import of histories into the default pipeline asks for."""
    steps = [step for each in histories for step in each.steps]
    people = {name for step in steps for name in (step.actor, step.says.owner) if name is not None}
    teams = {step.says.team for step in steps if step.says.team is not None}
    stages = {step.stage: STAGES[step.stage] for step in steps}
    return ImportRequirements(
        **{"source": SOURCE, "pipeline": None, "create_pipeline": False, "stages": stages} | others
    )._replace(people=sorted(people), teams=sorted(teams))


async def prepared(world: World, asked: ImportRequirements) -> tuple[ImportContext, Created]:
    """The ground for an import, made by the operator."""
    async with world.acting(Role.OPERATOR) as work:
        return await imports.prepare_import(work, asked, LIMITS)


async def brought_in(world: World, *histories: History, **others: Any) -> ImportSummary:
    """Import histories, ground and all, as the operator."""
    ground, _ = await prepared(world, wanted(*histories, **others))
    async with world.acting(Role.OPERATOR) as work:
        return await imports.import_tickets(work, ground, histories)
