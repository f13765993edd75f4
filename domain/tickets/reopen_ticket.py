"""Reopening a ticket, which is moving it to an OPEN stage (S19)."""

from uuid import UUID

from sqlalchemy import select

from domain.authorization import require
from domain.errors import Invalid
from domain.pipelines import AnyPipeline, AnyStage, StageState
from domain.tickets.card import Card
from domain.tickets.close_ticket import move_within
from domain.tickets.first_stage import first_stage
from domain.tickets.ticket import Ticket
from domain.tickets.visit import Visit
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def reopen_ticket(
    work: UnitOfWork, ticket: Ticket | Card, *, pipeline: AnyPipeline, expected_revision: int | None = None
) -> None:
    """Move a closed ticket to the last OPEN stage that it left, or else to the first OPEN one (S19).

    Declines INVALID for a ticket that is not closed; CONFLICT when the state of the stage changed meanwhile; and what a
    move declines.
    """
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    if ticket.closed_at is None:
        raise Invalid("The ticket is not closed.", field=("ticketId",))
    stage = await _last_left(work, ticket, pipeline) or first_stage(pipeline, StageState.OPEN)
    await move_within(work, ticket, pipeline, stage, StageState.OPEN, expected_revision)


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
