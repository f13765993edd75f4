"""Importing tickets with the history they have elsewhere: their moves, visits and closures at their own times (B34).

An import that is run again adds only what is new: what was taken before is known by the digests of its rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from domain import accounts
from domain.authorization import require
from domain.errors import Conflict
from domain.imports.deduplicate import find_known
from domain.imports.history import History, Unseen
from domain.imports.replay import TicketReplay
from domain.imports.requirements import ImportContext, ImportedStage
from domain.imports.write_rows import Kept, keep_grown, keep_new, note_rows
from domain.pipelines import Pipeline, Stage, StageState, lock_pipeline
from domain.reference import Ref
from domain.tickets import Ticket, lock_stage, next_numbers, ranks_at_the_end
from domain.unit_of_work import UnitOfWork
from policies import Permission


@dataclass
class ImportSummary:
    """What an import came to, in tickets (new, grown, unchanged, deleted), visits and rows.

    `deleted` tickets got new rows and stay deleted. `clamped` rows went back in time, or before what had happened here
    meanwhile; `late` rows stand before rows that were taken earlier, and change nothing any more.
    """

    new: int = 0
    grown: int = 0
    unchanged: int = 0
    deleted: int = 0
    visits: int = 0
    rows: int = 0
    clamped: int = 0
    late: int = 0

    def add(self, other: "ImportSummary") -> None:
        """Count another batch in."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


class Batch(NamedTuple):
    """What becomes of the tickets of a batch: those that are new, that go on, and that were deleted here since."""

    new: list[Kept]
    grown: list[Kept]
    deleted: list[Kept]
    tally: ImportSummary


async def import_tickets(work: UnitOfWork, ground: ImportContext, histories: Sequence[History]) -> ImportSummary:
    """Bring in a batch of tickets, some hundred at a time, and what is new of those that came in before.

    New cards go to the bottom of their stage in the order in which they entered it. Rows that are news are appended to
    the life that a ticket has here, never before its last move. Declines NOT_PERMITTED, and CONFLICT when a stage of
    the ground went meanwhile. Locks: account, pipeline, stages, tickets (settled choice 9).
    """
    require(work.actor, Permission.DATA_TRANSFER)
    await accounts.lock_account(work)
    pipeline = await lock_pipeline(work, Ref(id=ground.pipeline_id))
    stages = await _lock_stages(work, pipeline, ground, histories)
    states = {stage.id: stage.state == StageState.CLOSED.value for stage in pipeline.stages}
    goals = {name: ImportedStage(goal.id, states.get(goal.id, goal.closed)) for name, goal in ground.stages.items()}
    batch = await _relive(work, ground._replace(stages=goals), histories, lock=True)
    lives = [kept.life for kept in (*batch.new, *batch.grown)]
    await _place(work, stages, lives)
    await _name(work, pipeline, lives)
    await keep_new(work, ground.source, batch.new)
    await keep_grown(work, batch.grown)
    await note_rows(work, batch.deleted)
    return batch.tally


async def preview_import(work: UnitOfWork, ground: ImportContext, histories: Sequence[History]) -> ImportSummary:
    """What `import_tickets` would come to; changes nothing. Declines NOT_PERMITTED."""
    require(work.actor, Permission.DATA_TRANSFER)
    return (await _relive(work, ground, histories, lock=False)).tally


async def _relive(work: UnitOfWork, ground: ImportContext, histories: Sequence[History], *, lock: bool) -> Batch:
    """Take each ticket through what is new in its history."""
    known = await find_known(work, ground.source, histories)
    news = {number: origin for number, origin in known.items() if origin.unseen.digests}
    tickets = await _find_tickets(work, [origin.ticket_id for origin in news.values()], lock=lock)
    batch = Batch([], [], [], ImportSummary())
    for history in histories:
        if history.number in news:
            unseen = news[history.number].unseen
            _go_on(batch, ground, history, unseen, tickets[news[history.number].ticket_id])
        elif history.number in known:
            batch.tally.unchanged += 1
        else:
            _begin(batch, ground, history)
    return batch


def _begin(batch: Batch, ground: ImportContext, history: History) -> None:
    life = TicketReplay(ground)
    previous = None
    for step in history.steps:
        life.take(step, previous)
        previous = step
    batch.new.append(Kept(life, history.number, history.digests))
    batch.tally.add(ImportSummary(new=1, visits=len(life.visits), rows=len(history), clamped=len(history.backwards)))


def _go_on(batch: Batch, ground: ImportContext, history: History, unseen: Unseen, ticket: Ticket) -> None:
    life = TicketReplay(ground, ticket)
    kept = Kept(life, history.number, unseen.digests)
    if ticket.archived_at is not None:
        batch.deleted.append(kept)
        batch.tally.add(ImportSummary(deleted=1, rows=unseen.total))
        return
    previous = None
    for step in history.steps:
        if step.row in unseen.rows:
            life.take(step, previous)
        previous = step
    batch.grown.append(kept)
    clamped = life.clamped + len(unseen.rows.intersection(history.backwards))
    batch.tally.add(
        ImportSummary(grown=1, visits=len(life.visits), rows=unseen.total, clamped=clamped, late=unseen.late)
    )


async def _find_tickets(work: UnitOfWork, ids: list[UUID], *, lock: bool) -> dict[UUID, Ticket]:
    """Tickets as they are now, deleted ones too; with `lock` they are held until the unit ends."""
    if not ids:
        return {}
    statement = select(Ticket).where(Ticket.account_id == work.account_id, Ticket.id.in_(ids)).order_by(Ticket.id)
    if lock:
        statement = statement.with_for_update(key_share=True)
    return {ticket.id: ticket for ticket in (await work.session.execute(statement)).scalars()}


async def _lock_stages(
    work: UnitOfWork, pipeline: Pipeline, ground: ImportContext, histories: Sequence[History]
) -> list[Stage]:
    """Hold, lowest id first, the stages in which the tickets end up, so that no two cards take one place."""
    last = {history.steps[-1].stage for history in histories}
    wanted = {goal.id for name, goal in ground.stages.items() if name in last}
    stages = sorted((stage for stage in pipeline.stages if stage.id in wanted), key=lambda stage: stage.id)
    held = [await lock_stage(work, stage) for stage in stages]
    if len(held) < len(wanted):
        raise Conflict("A stage was deleted while tickets were being imported into it; run the import again.")
    return stages


async def _place(work: UnitOfWork, stages: Iterable[Stage], lives: Iterable[TicketReplay]) -> None:
    """Put the cards that came into a stage at its end, in the order in which they entered it."""
    placed = sorted((life for life in lives if life.placed), key=lambda life: life.columns["entered_at"])
    for stage in stages:
        cards = [life for life in placed if life.columns["stage_id"] == stage.id]
        for life, rank in zip(cards, await ranks_at_the_end(work, stage, len(cards)), strict=True):
            life.columns["rank"] = rank


async def _name(work: UnitOfWork, pipeline: Pipeline, lives: Iterable[TicketReplay]) -> None:
    """Give keys to the tickets that came into the pipeline, the oldest first."""
    arrived = sorted((life for life in lives if life.arrived), key=lambda life: life.columns["created_at"])
    if arrived:
        for life, number in zip(arrived, await next_numbers(work, pipeline, len(arrived)), strict=True):
            life.receive_key(number)
