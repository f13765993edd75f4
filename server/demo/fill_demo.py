"""Filling the demo account with invented tickets, through the same verb as an import and in batches like one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID

from domain import accounts, imports, pipelines, properties
from domain.pipelines import StageState
from domain.unit_of_work import Sessions, UnitOfWork, reading, writing
from server.demo.demo_account import CHANNEL, PRODUCT
from server.demo.random_tickets import PIPELINES, STAGES, invent
from server.errors import CannotStart

_BATCH = 2000

Advance = Callable[[int], None]
Invented = dict[str, list[imports.History]]  # by the label of their pipeline


async def fill_demo(
    sessions: Sessions, account_id: UUID, count: int, seed: int, advance: Advance
) -> imports.ImportSummary:
    """Bring in the first `count` tickets of a seed, as far as they are not there yet; `advance` hears of each batch."""
    admit = accounts.operator(account_id)
    async with reading(sessions, account_id, admit) as work:
        grounds = await _find_grounds(work, seed)
    total = imports.ImportSummary()
    async for invented in _inventions(count, seed):
        for label, histories in invented.items():
            async with writing(sessions, account_id, admit) as work:
                total.add(await imports.import_tickets(work, grounds[label], histories))
            advance(len(histories))
    return total


async def _inventions(count: int, seed: int) -> AsyncIterator[Invented]:
    """Batch after batch; a thread invents the next one while the database is busy with the one before."""
    ready: asyncio.Task[Invented] | None = None
    for start in range(1, count + 1, _BATCH):
        places = range(start, min(start + _BATCH, count + 1))
        coming = asyncio.create_task(asyncio.to_thread(_invent, seed, places))
        if ready is not None:
            yield await ready
        ready = coming
    if ready is not None:
        yield await ready


def _invent(seed: int, places: range) -> Invented:
    invented: Invented = {}
    for label, history in (invent(seed, place) for place in places):
        invented.setdefault(label, []).append(history)
    return invented


async def _find_grounds(work: UnitOfWork, seed: int) -> dict[str, imports.ImportContext]:
    """Where the invented names lead; CannotStart when the demo pipelines are no longer what they were."""
    people = {user.email: user.id for user in await accounts.list_users(work) if user.email is not None}
    teams = {team.name: team.id for team in await accounts.list_teams(work)}
    defined = {each.label: each.internal_name for each in await properties.list_properties(work)}
    found = {pipeline.label: pipeline for pipeline in await pipelines.list_pipelines(work)}
    grounds: dict[str, imports.ImportContext] = {}
    for label in PIPELINES:
        pipeline = found.get(label)
        stages = {} if pipeline is None else {stage.internal_name: stage for stage in pipeline.stages}
        if pipeline is None or not stages.keys() >= set(STAGES[label]):
            raise CannotStart(
                f"The demo account no longer has its pipeline {label!r} with the stages it was made with."
            )
        goals = {
            name: imports.ImportedStage(stage.id, stage.state == StageState.CLOSED.value)
            for name, stage in stages.items()
        }
        names = (defined[PRODUCT], defined[CHANNEL])
        grounds[label] = imports.ImportContext(
            f"demo {seed}", pipeline.id, pipeline.key_prefix, goals, people, teams, names
        )
    return grounds
