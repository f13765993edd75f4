"""Closing a ticket, which is moving it to a CLOSED stage (S19)."""

from domain.authorization import require
from domain.errors import Conflict, Invalid
from domain.pipelines import AnyPipeline, AnyStage, StageState
from domain.tickets.card import Card
from domain.tickets.first_stage import first_stage
from domain.tickets.move_ticket import move_ticket
from domain.tickets.ticket import Ticket
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

    Declines INVALID for a stage that is not CLOSED, and for a closed ticket when no stage is named; CONFLICT when the
    state of the stage changed meanwhile; and what a move declines.
    """
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    if stage is None:
        if ticket.closed_at is not None:
            raise Invalid("The ticket is closed already.", field=("ticketId",))
        stage = first_stage(pipeline, StageState.CLOSED)
    if stage.state != StageState.CLOSED.value:
        raise Invalid("That stage is not a CLOSED one.", field=("stage",))
    await move_within(work, ticket, pipeline, stage, StageState.CLOSED, expected_revision)


async def move_within(
    work: UnitOfWork,
    ticket: Ticket | Card,
    pipeline: AnyPipeline,
    stage: AnyStage,
    state: StageState,
    expected_revision: int | None,
) -> None:
    """Move a ticket to a stage of its pipeline that has this state. Declines CONFLICT when the stage got the other one
    since it was found.
    """
    moved_to = await move_ticket(
        work, ticket, source=pipeline, target=pipeline, stage=stage, expected_revision=expected_revision
    )
    if moved_to is not state:
        raise Conflict("Somebody changed the state of the stage at the same moment; try again.", field=("stage",))
