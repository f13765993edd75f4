"""Holding the stage and the ticket of a move until the unit ends, read afresh and in that order (settled choice 9)."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from domain.access import PipelineAccess, editable
from domain.actor import Actor
from domain.database.prepared import actor_params, prepared
from domain.errors import Conflict, NotFound
from domain.pipelines import AnyStage, Stage
from domain.tickets.finders import ITS_ACCESS, seen
from domain.tickets.ranks import lock_stage
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork


class LockedTicket(NamedTuple):
    """What a move rests on: the state of the target, and the ticket as it is now."""

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
    # A part that locks is read before what is joined to it, so the stage is held first.
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
        .where(seen(actor))
        .with_for_update(key_share=True, of=Ticket)
    )


async def lock_for_move(work: UnitOfWork, ticket_id: UUID, home: UUID, stage: AnyStage) -> LockedTicket:
    """Hold a stage and a ticket that were found, the ticket in the pipeline `home`.

    Declines NOT_FOUND for what was deleted or hidden meanwhile, and CONFLICT for a ticket that went elsewhere.
    """
    found = await _try_to_hold(work, ticket_id, stage)
    if found is None:
        if await lock_stage(work, stage) is None:
            raise NotFound("stage", field=("stage",))
        # Who waits while it goes to another pipeline gets no row, since that one's access was not joined: ask again.
        found = await _try_to_hold(work, ticket_id, stage)
    if found is None:
        raise NotFound("ticket", field=("ticketId",))
    if found.pipeline_id != home:
        raise Conflict("Somebody moved the ticket to another pipeline meanwhile; read it again.", field=("ticketId",))
    return found


async def _try_to_hold(work: UnitOfWork, ticket_id: UUID, stage: AnyStage) -> LockedTicket | None:
    await work.session.flush()
    row = await _stage_and_ticket(work.actor).row(
        work.session, **actor_params(work.actor), stage=stage.id, ticket=ticket_id
    )
    return LockedTicket._make(row) if row else None
