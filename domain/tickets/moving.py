"""Moving a ticket: to a stage of its own or another pipeline, to a place among the cards there (B5, B10, S19)."""

from domain.authorizing import require
from domain.errors import NotFound, expect_revision
from domain.event import EventKind
from domain.model import Json
from domain.pipelines import Pipeline, Stage
from domain.reference import TOP, Place
from domain.tickets.finding import lock_ticket
from domain.tickets.opening import give_key, next_number
from domain.tickets.placing import lock_stage, rank_at
from domain.tickets.telling import MOVED, telling_of
from domain.tickets.ticket import Ticket
from domain.tickets.visiting import begin_visits, close_or_reopen, end_visits
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def move_ticket(
    work: UnitOfWork,
    ticket: Ticket,
    *,
    source: Pipeline,
    target: Pipeline,
    stage: Stage,
    place: Place = TOP,
    expected_revision: int | None = None,
) -> None:
    """Move a ticket to a stage and a place in it; a change of stage ends a visit and begins one, and closes or reopens.

    In another pipeline it gets a new key, and the old one still finds it. Declines NOT_PERMITTED on either pipeline,
    CONFLICT on a stale revision and when somebody else took the ticket to another pipeline, PLACE_GONE when the
    neighbour is not in that stage, NOT_FOUND when the ticket, pipeline or stage went meanwhile. Locks: the pipeline's
    counter, the stage, the ticket (settled choice 9).
    """
    for pipeline in (source, target):
        require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    number = await next_number(work, target) if target.id != source.id else None
    locked = await lock_stage(work, stage)
    if locked is None:
        raise NotFound("stage", field=("stage",))
    ticket = await lock_ticket(work, ticket)
    require(work.actor, Permission.TICKET_WRITE, level=source.level, in_scope=ticket.in_edit_scope)
    expect_revision(ticket.revision, expected_revision)
    before = telling_of(ticket, MOVED)
    ticket.rank = await rank_at(work, locked, place, moving=ticket.id)
    ticket.revision += 1
    if number is not None:
        ticket.key = f"{target.key_prefix}-{number}"
        give_key(work, ticket, number, target)
    changed = await _change_stage(work, ticket, locked) if ticket.stage_id != locked.id else None
    record_move(work, ticket, before, source=source, closed=changed)


async def _change_stage(work: UnitOfWork, ticket: Ticket, stage: Stage) -> bool | None:
    at = await work.clock(not_before=ticket.entered_at)
    ticket.pipeline_id, ticket.stage_id, ticket.entered_at = stage.pipeline_id, stage.id, at
    await end_visits(work, [ticket.id], at)
    await begin_visits(work, [ticket.id], stage, at)
    return await close_or_reopen(work, ticket, stage, at)


def record_move(work: UnitOfWork, ticket: Ticket, before: Json, *, source: Pipeline, closed: bool | None) -> None:
    """Record a move, and beside it that it closed or reopened the ticket."""
    pipelines = (source.id, ticket.pipeline_id)
    after = telling_of(ticket, MOVED)
    work.record(EventKind.TICKET_MOVED, "ticket", ticket.id, before=before, after=after, pipelines=pipelines)
    if closed is not None:
        kind = EventKind.TICKET_CLOSED if closed else EventKind.TICKET_REOPENED
        work.record(kind, "ticket", ticket.id, after={"stage": after["stage"]}, pipelines=pipelines)
