"""Running an import: what is new in the log, the ground for it, and then batch after batch, each a unit of its own.

What was committed stays when it is interrupted; run again it goes on where it was.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from domain import accounts, imports
from domain.errors import Conflict
from domain.imports import History
from domain.pipelines import StageDraft, StageState
from domain.unit_of_work import Sessions, reading, writing
from server.imports.event_log import Log
from server.imports.mapping import Mapping

_BATCH = 500  # tickets
_PAUSES = (0.1, 0.5, 2.0)  # seconds before a batch is tried again that people's work on its stages got ahead of

Advance = Callable[[int], object]


class Outcome(NamedTuple):
    """What an import came to, or in a dry run would come to; `made` is None where nothing was news."""

    made: imports.Created | None
    tally: imports.ImportSummary


class _Rehearsed(Exception):  # noqa: N818 (it is no error)
    """Rolls a unit back that was only to be tried, and keeps what it came to."""

    def __init__(self, ground: imports.ImportContext, made: imports.Created) -> None:
        super().__init__()
        self.ground, self.made = ground, made


async def bring_in(
    sessions: Sessions,
    account_id: UUID,
    mapping: Mapping,
    log: Log,
    limits: accounts.PipelineLimits,
    *,
    dry_run: bool,
    advance: Advance,
) -> Outcome:
    """Import what the log has that is new; `advance` hears of tickets that are done. Raises refusals of the domain."""
    admit = accounts.operator(account_id)
    histories = list(log.histories.values())
    async with reading(sessions, account_id, admit) as work:
        news = await imports.find_new_rows(work, mapping.source, histories)
    total = imports.ImportSummary(unchanged=len(histories) - len(news.histories))
    advance(total.unchanged)
    if not news.histories:
        return Outcome(None, total)
    ground, made = await _prepare(sessions, account_id, _wanted(mapping, news), limits, dry_run=dry_run)
    for batch in _batches(news.histories):
        total.add(await _take(sessions, account_id, ground, batch, dry_run=dry_run))
        advance(len(batch))
    return Outcome(made, total)


async def _prepare(
    sessions: Sessions,
    account_id: UUID,
    wanted: imports.ImportRequirements,
    limits: accounts.PipelineLimits,
    *,
    dry_run: bool,
) -> tuple[imports.ImportContext, imports.Created]:
    try:
        async with writing(sessions, account_id, accounts.operator(account_id)) as work:
            prepared = await imports.prepare_import(work, wanted, limits)
            if dry_run:
                await work.write_events()
                raise _Rehearsed(*prepared)
            return prepared
    except _Rehearsed as rehearsed:
        return rehearsed.ground, rehearsed.made


async def _take(
    sessions: Sessions, account_id: UUID, ground: imports.ImportContext, batch: Sequence[History], *, dry_run: bool
) -> imports.ImportSummary:
    admit = accounts.operator(account_id)
    if dry_run:
        async with reading(sessions, account_id, admit) as work:
            return await imports.preview_import(work, ground, batch)
    for pause in _PAUSES:
        try:
            return await _import(sessions, account_id, ground, batch)
        except Conflict:
            await asyncio.sleep(pause)
    return await _import(sessions, account_id, ground, batch)


async def _import(
    sessions: Sessions, account_id: UUID, ground: imports.ImportContext, batch: Sequence[History]
) -> imports.ImportSummary:
    async with writing(sessions, account_id, accounts.operator(account_id)) as work:
        return await imports.import_tickets(work, ground, batch)


def _batches(histories: Sequence[History]) -> Iterator[list[History]]:
    """In the order in which the tickets entered their last stage: cards come to stand in it."""
    ordered = sorted(histories, key=lambda history: history.entered_at)
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))


def _wanted(mapping: Mapping, news: imports.NewRows) -> imports.ImportRequirements:
    return imports.ImportRequirements(
        mapping.source,
        mapping.pipeline,
        mapping.create_pipeline,
        _drafts(mapping, news.stages),
        people=news.people,
        teams=news.teams,
        properties=list(mapping.properties),
    )


def _drafts(mapping: Mapping, names: Iterable[str]) -> dict[str, StageDraft]:
    """Which stage each name of the source stands for, in the mapping's order and then in that of the file."""
    given = mapping.stages
    drafts = {}
    for name in names:
        label = given.names.get(name, name)
        closed = name in given.closed or label in given.closed
        drafts[name] = StageDraft(label, StageState.CLOSED if closed else StageState.OPEN)
    places = {name: place for place, name in enumerate(given.order)}
    return dict(sorted(drafts.items(), key=lambda item: places.get(item[0], places.get(item[1].label, len(places)))))
