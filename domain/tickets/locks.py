"""Locks of tickets and stages, held until the unit ends: stages before tickets, tickets by id (settled choice 9).

What was read before a lock is read again under it.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from domain.access import PipelineAccess, editable
from domain.actor import Actor
from domain.authorization import require
from domain.database.prepared import actor_params, prepared
from domain.errors import Conflict, NotFound, Path, expect_revision
from domain.pipelines import AnyStage, Pipeline, Stage
from domain.tickets.finders import ITS_ACCESS, is_visible, select_visible
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def lock_stage(work: UnitOfWork, stage: AnyStage) -> Stage | None:
    """Lock a stage and read it again, so that one card at a time is placed in it. None when it was deleted."""
    statement = select(Stage).where(Stage.account_id == work.account_id, Stage.id == stage.id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await work.session.execute(locked)).scalar_one_or_none()


async def lock_tickets_in(work: UnitOfWork, stage: Stage) -> list[UUID]:
    """Lock all tickets in a locked stage, hidden ones too, and return their ids in board order.

    They are locked in the order of their ids, as everywhere (settled choice 9).
    """
    statement = select(Ticket.id, Ticket.rank).where(
        Ticket.account_id == work.account_id, Ticket.stage_id == stage.id, Ticket.archived_at.is_(None)
    )
    locked = await work.session.execute(statement.order_by(Ticket.id).with_for_update(key_share=True))
    return [ticket for ticket, _ in sorted(locked, key=lambda row: (row[1], row[0]))]


async def lock_ticket(work: UnitOfWork, ticket: Ticket, *, field: Path = ("ticketId",)) -> Ticket:
    """Lock a found ticket and read it again.

    Declines NOT_FOUND when it was hidden or deleted meanwhile, and CONFLICT when it moved to another pipeline.
    """
    pipeline_id = ticket.pipeline_id
    statement = select_visible(work).where(Ticket.id == ticket.id).with_for_update(key_share=True, of=Ticket)
    found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None:
        # A ticket that moved to another pipeline while we waited gives no row, since the join took the old access.
        found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound("ticket", field=field)
    if found.pipeline_id != pipeline_id:
        raise Conflict("Somebody moved the ticket to another pipeline meanwhile; read it again.", field=field)
    return found


async def lock_to_edit(
    work: UnitOfWork, ticket: Ticket, pipeline: Pipeline, permission: Permission, expected_revision: int | None
) -> Ticket:
    """Lock a found ticket for an edit. Declines NOT_PERMITTED when the ticket left the actor's edit scope meanwhile,
    CONFLICT on a stale revision, and what `lock_ticket` declines.
    """
    ticket = await lock_ticket(work, ticket)
    require(work.actor, permission, level=pipeline.level, in_scope=ticket.in_edit_scope)
    expect_revision(ticket.revision, expected_revision)
    return ticket


class LockedTicket(NamedTuple):
    """What a move depends on: the state and pipeline of the target stage, and the ticket as it is now."""

    state: str
    target_pipeline_id: UUID
    pipeline_id: UUID
    stage_id: UUID
    rank: str
    key: str
    entered_at: datetime
    closed_at: datetime | None
    revision: int
    editable: bool


@prepared
def _stage_and_ticket(actor: Actor) -> Select[*tuple[Any, ...]]:
    # PostgreSQL locks the rows of a CTE before the rows joined to it: the stage first.
    stage = select(Stage.state, Stage.pipeline_id).where(
        Stage.account_id == actor.account_id, Stage.id == bindparam("stage")
    )
    target = stage.with_for_update(key_share=True).cte("target")
    columns = [getattr(Ticket, name) for name in LockedTicket._fields[2:-1]]
    return (
        select(target.c.state, target.c.pipeline_id, *columns, editable(actor, Ticket.owner_id, Ticket.team_id))
        .select_from(target)
        .join(Ticket, Ticket.id == bindparam("ticket"))
        .join(PipelineAccess, ITS_ACCESS)
        .where(is_visible(actor))
        .with_for_update(key_share=True, of=Ticket)
    )


async def lock_for_move(work: UnitOfWork, ticket_id: UUID, home: UUID, stage: AnyStage) -> LockedTicket:
    """Lock a stage and a ticket that were found, the ticket in the pipeline `home`.

    Declines NOT_FOUND for what was deleted or hidden meanwhile, and CONFLICT for a ticket in another pipeline.
    """
    found = await _try_to_lock(work, ticket_id, stage)
    if found is None:
        if await lock_stage(work, stage) is None:
            raise NotFound("stage", field=("stage",))
        # A ticket that moved to another pipeline while we waited gives no row, since the join took the old access.
        found = await _try_to_lock(work, ticket_id, stage)
    if found is None:
        raise NotFound("ticket", field=("ticketId",))
    if found.pipeline_id != home:
        raise Conflict("Somebody moved the ticket to another pipeline meanwhile; read it again.", field=("ticketId",))
    return found


async def _try_to_lock(work: UnitOfWork, ticket_id: UUID, stage: AnyStage) -> LockedTicket | None:
    await work.session.flush()
    row = await _stage_and_ticket(work.actor).row(
        work.session, **actor_params(work.actor), stage=stage.id, ticket=ticket_id
    )
    return LockedTicket._make(row) if row else None
