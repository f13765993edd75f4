"""Finders of tickets: a ticket the actor may not see is not found by any id, key, cursor or neighbour (B16, B21)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import with_expression

from domain.access import PipelineAccess, TicketSight, editable, in_scope, level_of, visible_pipelines
from domain.actor import Actor
from domain.errors import NotFound, Path
from domain.pipelines import Pipeline
from domain.tickets.ticket import Ticket, TicketKey
from domain.tickets.visit import Visit
from domain.unit_of_work import UnitOfWork
from policies import Permission

MOST_VISITS = 500  # returned for a ticket

# Joins a ticket with the access of its pipeline.
ITS_ACCESS = and_(PipelineAccess.account_id == Ticket.account_id, PipelineAccess.pipeline_id == Ticket.pipeline_id)


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """The condition for a ticket to be visible: a level on its pipeline, the actor's view scope, and not archived."""
    if Permission.TICKET_VIEW not in actor.permissions:
        return and_(Ticket.account_id == actor.account_id, Ticket.id.is_(None))
    return and_(
        Ticket.account_id == actor.account_id,
        Ticket.archived_at.is_(None),
        level_of(actor).is_not(None),
        in_scope(actor, actor.view, Ticket.owner_id, Ticket.team_id),
    )


def select_visible(work: UnitOfWork) -> Select[Ticket]:
    """The tickets that the actor sees, with `editable` filled."""
    return (
        select(Ticket)
        .join(PipelineAccess, ITS_ACCESS)
        .where(is_visible(work.actor))
        .options(with_expression(Ticket.editable, editable(work.actor, Ticket.owner_id, Ticket.team_id)))
        .execution_options(populate_existing=True)
    )


async def find_tickets(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Ticket]:
    """Visible tickets by id; one statement."""
    statement = select_visible(work).where(Ticket.id.in_(set(ids)))
    return {ticket.id: ticket for ticket in (await work.session.execute(statement)).scalars()}


async def find_ticket(work: UnitOfWork, id: UUID, *, field: Path = ("ticketId",)) -> Ticket:
    """One visible ticket, or NotFound."""
    ticket = (await find_tickets(work, [id])).get(id)
    if ticket is None:
        raise NotFound("ticket", field=field)
    return ticket


async def find_by_key(work: UnitOfWork, key: str, *, of: Pipeline | None = None) -> list[Ticket]:
    """At most two visible tickets that have or had this key in a deleted pipeline or in one that the actor sees: keys
    are unique within a pipeline (settled choice 6). With `of`, only in that pipeline.
    """
    existing = select(PipelineAccess.pipeline_id).where(PipelineAccess.account_id == work.account_id)
    named = select(TicketKey.ticket_id).where(
        TicketKey.account_id == work.account_id,
        TicketKey.key == key.upper(),
        or_(
            TicketKey.pipeline_id.in_(visible_pipelines(work.actor)),
            TicketKey.pipeline_id.not_in(existing),
        ),
    )
    if of is not None:
        named = named.where(TicketKey.pipeline_id == of.id)
    statement = select_visible(work).where(Ticket.id.in_(named)).order_by(Ticket.id).limit(2)
    return list((await work.session.execute(statement)).scalars())


async def find_sight(work: UnitOfWork, ticket: Ticket, of: Actor) -> TicketSight:
    """Whether a found ticket is in the scopes of another actor, for an explanation (B17, B21)."""
    viewed = func.coalesce(in_scope(of, of.view, Ticket.owner_id, Ticket.team_id), false())
    statement = select(viewed, editable(of, Ticket.owner_id, Ticket.team_id)).where(
        Ticket.account_id == work.account_id, Ticket.id == ticket.id
    )
    return TicketSight._make((await work.session.execute(statement)).one())


async def list_visits(work: UnitOfWork, ticket_ids: Iterable[UUID]) -> list[Visit]:
    """The latest 500 visits of each visible ticket, oldest first, without those in hidden pipelines (B10)."""
    age = func.row_number().over(partition_by=Visit.ticket_id, order_by=(Visit.entered_at.desc(), Visit.id.desc()))
    visible_visits = (
        select(Visit.id, age.label("age"))
        .join(
            PipelineAccess,
            and_(PipelineAccess.account_id == Visit.account_id, PipelineAccess.pipeline_id == Visit.pipeline_id),
        )
        .where(
            Visit.account_id == work.account_id,
            Visit.ticket_id.in_(set(ticket_ids)),
            level_of(work.actor).is_not(None),
        )
        .subquery()
    )
    latest = select(visible_visits.c.id).where(visible_visits.c.age <= MOST_VISITS)
    statement = select(Visit).where(Visit.account_id == work.account_id, Visit.id.in_(latest))
    statement = statement.order_by(Visit.ticket_id, Visit.entered_at, Visit.id)
    return list((await work.session.execute(statement)).scalars())
