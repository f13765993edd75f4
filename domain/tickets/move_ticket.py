"""Moving a ticket: to a stage of its own or another pipeline, to a place among the cards there (B5, B10, S19)."""

from uuid import UUID

from domain.authorization import require
from domain.database.model import Json
from domain.errors import expect_revision
from domain.events.event import EventKind
from domain.pipelines import AnyPipeline, AnyStage, StageState
from domain.reference import TOP, Place
from domain.tickets.card import Card
from domain.tickets.event_payload import MOVED, payload_from
from domain.tickets.keys import next_number
from domain.tickets.locks import LockedTicket, lock_for_move
from domain.tickets.ranks import rank_at
from domain.tickets.ticket import Ticket
from domain.tickets.transition import Move, write_move
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def move_ticket(
    work: UnitOfWork,
    ticket: Ticket | Card,
    *,
    source: AnyPipeline,
    target: AnyPipeline,
    stage: AnyStage,
    place: Place = TOP,
    expected_revision: int | None = None,
) -> StageState:
    """Move a ticket to a stage and a place in it; a change of stage ends a visit and begins one, and closes or reopens.
    Answers with the state that the stage has.

    In another pipeline it gets a new key, and the old one still finds it. Declines NOT_PERMITTED on either pipeline,
    CONFLICT on a stale revision and when somebody else took the ticket to another pipeline, PLACE_GONE when the
    neighbour is not in that stage, NOT_FOUND when the ticket, pipeline or stage went meanwhile. Locks: the pipeline's
    counter, the stage, the ticket (settled choice 9). It takes three round trips: one holds both, one finds the place
    and the time, one writes everything; and one more each for a neighbour and for another pipeline's key.
    """
    for pipeline in (source, target):
        require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    number = await next_number(work, target) if target.id != source.id else None
    held = await lock_for_move(work, ticket.id, source.id, stage)
    require(work.actor, Permission.TICKET_WRITE, level=source.level, in_scope=held.editable)
    expect_revision(held.revision, expected_revision)
    rank = await rank_at(work, stage, place, moving=ticket.id)
    another = held.stage_id != stage.id
    closes = _closes(held) if another else None
    move = Move(
        ticket_id=ticket.id,
        pipeline_id=held.target_pipeline_id,
        stage_id=stage.id,
        rank=rank,
        key=held.key if number is None else f"{target.key_prefix}-{number}",
        at=await work.clock(not_before=held.entered_at if another else None),
        to_another_stage=another,
        closes=closes,
        number=number,
    )
    await write_move(work, move)
    before, after = payload_from(held._asdict(), MOVED), payload_from(move._asdict(), MOVED)
    _record(work, ticket.id, before, after, (held.pipeline_id, held.target_pipeline_id), closes)
    return StageState(held.state)


def _closes(held: LockedTicket) -> bool | None:
    """Whether entering the stage closes the ticket, or reopens it; None where it stays as it is."""
    closed = held.state == StageState.CLOSED.value
    return None if closed == (held.closed_at is not None) else closed


def _record(
    work: UnitOfWork, ticket_id: UUID, before: Json, after: Json, pipelines: tuple[UUID, UUID], closed: bool | None
) -> None:
    """Record a move, and beside it that it closed or reopened the ticket."""
    work.record(EventKind.TICKET_MOVED, "ticket", ticket_id, before=before, after=after, pipelines=pipelines)
    if closed is not None:
        kind = EventKind.TICKET_CLOSED if closed else EventKind.TICKET_REOPENED
        work.record(kind, "ticket", ticket_id, after={"stage": after["stage"]}, pipelines=pipelines)
