"""Moving a ticket to a stage of its own or another pipeline, and to a place among the cards there (B5, B10, S19)."""

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
    Returns the state of the stage.

    In another pipeline the ticket gets a new key; the old key still finds it. Declines NOT_PERMITTED on either
    pipeline; CONFLICT on a stale revision, and when the ticket moved to another pipeline meanwhile; PLACE_GONE when the
    neighbour is not in that stage; NOT_FOUND when the ticket, pipeline or stage was deleted or hidden meanwhile. Locks:
    the pipeline's counter, the stage, the ticket (settled choice 9). Three round trips: lock both, find the place and
    the time, write everything; one more each for a neighbour and for another pipeline's key.
    """
    for pipeline in (source, target):
        require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    number = await next_number(work, target) if target.id != source.id else None
    locked = await lock_for_move(work, ticket.id, source.id, stage)
    require(work.actor, Permission.TICKET_WRITE, level=source.level, in_scope=locked.editable)
    expect_revision(locked.revision, expected_revision)
    rank = await rank_at(work, stage, place, moving=ticket.id)
    another = locked.stage_id != stage.id
    closes = _closes(locked) if another else None
    move = Move(
        ticket_id=ticket.id,
        pipeline_id=locked.target_pipeline_id,
        stage_id=stage.id,
        rank=rank,
        key=locked.key if number is None else f"{target.key_prefix}-{number}",
        at=await work.clock(not_before=locked.entered_at if another else None),
        to_another_stage=another,
        closes=closes,
        number=number,
    )
    await write_move(work, move)
    before, after = payload_from(locked._asdict(), MOVED), payload_from(move._asdict(), MOVED)
    _record(work, ticket.id, before, after, (locked.pipeline_id, locked.target_pipeline_id), closes)
    return StageState(locked.state)


def _closes(locked: LockedTicket) -> bool | None:
    """True if entering the stage closes the ticket, False if it reopens the ticket, else None."""
    closed = locked.state == StageState.CLOSED.value
    return None if closed == (locked.closed_at is not None) else closed


def _record(
    work: UnitOfWork, ticket_id: UUID, before: Json, after: Json, pipelines: tuple[UUID, UUID], closed: bool | None
) -> None:
    """Record the move, and the closing or reopening that came with it."""
    work.record(EventKind.TICKET_MOVED, "ticket", ticket_id, before=before, after=after, pipelines=pipelines)
    if closed is not None:
        kind = EventKind.TICKET_CLOSED if closed else EventKind.TICKET_REOPENED
        work.record(kind, "ticket", ticket_id, after={"stage": after["stage"]}, pipelines=pipelines)
