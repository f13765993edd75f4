"""Closing and reopening a ticket, which is moving it to a CLOSED or to an OPEN stage (S19)."""

from uuid import UUID

from sqlalchemy import select

from domain.authorization import require
from domain.errors import Conflict, Invalid
from domain.pipelines import AnyPipeline, AnyStage, StageState
from domain.tickets.card import Card
from domain.tickets.create_ticket import first_stage
from domain.tickets.move_ticket import move_ticket
from domain.tickets.ticket import Ticket
from domain.tickets.visit import Visit
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def close_ticket(
    work: UnitOfWork,
    ticket: Ticket | Card,
    *,
    pipeline: AnyPipeline,
    stage: AnyStage | None = None,
    expected_revision: int | None = None,
) -> None:
    """Move a ticket to a CLOSED stage of its pipeline, the first unless named (S19).

    Declines stages that are not CLOSED, tickets that are closed already when no stage is named, and what a move
    declines; CONFLICT when the stage was flipped meanwhile.
    """
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    if stage is None:
        if ticket.closed_at is not None:
            raise Invalid("The ticket is closed already.", field=("ticketId",))
        stage = first_stage(pipeline, StageState.CLOSED)
    if stage.state != StageState.CLOSED.value:
        raise Invalid("That stage is not a CLOSED one.", field=("stage",))
    await _move(work, ticket, pipeline, stage, StageState.CLOSED, expected_revision)


async def reopen_ticket(
    work: UnitOfWork, ticket: Ticket | Card, *, pipeline: AnyPipeline, expected_revision: int | None = None
) -> None:
    """Move a closed ticket to the last OPEN stage that it left, or else to the first OPEN one (S19).

    Declines tickets that are not closed, and what a move declines; CONFLICT when the stage was flipped meanwhile.
    """
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    if ticket.closed_at is None:
        raise Invalid("The ticket is not closed.", field=("ticketId",))
    stage = await _last_left(work, ticket, pipeline) or first_stage(pipeline, StageState.OPEN)
    await _move(work, ticket, pipeline, stage, StageState.OPEN, expected_revision)


async def _move(
    work: UnitOfWork,
    ticket: Ticket | Card,
    pipeline: AnyPipeline,
    stage: AnyStage,
    wanted: StageState,
    expected_revision: int | None,
) -> None:
    """Move it, and refuse when the stage, which the move holds, has another state than it had when it was found."""
    state = await move_ticket(
        work, ticket, source=pipeline, target=pipeline, stage=stage, expected_revision=expected_revision
    )
    if state is not wanted:
        raise Conflict("Somebody flipped the stage at the same moment; try again.", field=("stage",))


async def _last_left(work: UnitOfWork, ticket: Ticket | Card, pipeline: AnyPipeline) -> AnyStage | None:
    open_stages: dict[UUID, AnyStage] = {
        stage.id: stage for stage in pipeline.stages if stage.state == StageState.OPEN.value
    }
    statement = (
        select(Visit.stage_id)
        .where(Visit.account_id == work.account_id, Visit.ticket_id == ticket.id, Visit.stage_id.in_(open_stages))
        .order_by(Visit.left_at.desc(), Visit.id.desc())
        .limit(1)
    )
    found = (await work.session.execute(statement)).scalar_one_or_none()
    return open_stages[found] if found is not None else None
