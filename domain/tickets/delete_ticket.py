"""Deleting a ticket, which archives it."""

from domain.authorization import require
from domain.database.model import new_id
from domain.events.event import EventKind
from domain.pipelines import Pipeline
from domain.tickets.locks import lock_to_edit
from domain.tickets.ticket import Archival, Ticket
from domain.tickets.visits import end_visits
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def delete_ticket(
    work: UnitOfWork, ticket: Ticket, *, pipeline: Pipeline, expected_revision: int | None = None
) -> None:
    """Archive a ticket: it leaves boards, counts and finders, and its open visit ends (settled choice 7).

    Declines NOT_PERMITTED, CONFLICT.
    """
    require(work.actor, Permission.TICKET_DELETE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    ticket = await lock_to_edit(work, ticket, pipeline, Permission.TICKET_DELETE, expected_revision)
    at = await work.clock(not_before=ticket.entered_at)
    ticket.archived_at = at
    ticket.revision += 1
    await end_visits(work, [ticket.id], at)
    work.session.add(
        Archival(
            account_id=work.account_id, id=new_id(), ticket_id=ticket.id, archived_at=at, archived_by=work.actor.id
        )
    )
    pipelines = (ticket.pipeline_id, ticket.pipeline_id)
    before = {"stage": str(ticket.stage_id), "key": ticket.key}
    work.record(EventKind.TICKET_DELETED, "ticket", ticket.id, before=before, pipelines=pipelines)
