"""Creating a ticket: its first stage, its key and its first visit (S19)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from domain import accounts, properties
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Conflict, NotFound
from domain.events.event import EventKind
from domain.pipelines import Pipeline, Stage, StageState
from domain.reference import TOP, Place
from domain.tickets.event_payload import CREATED, payload_of
from domain.tickets.first_stage import first_stage
from domain.tickets.keys import keep_key, next_number
from domain.tickets.locks import lock_stage
from domain.tickets.ranks import rank_at
from domain.tickets.texts import check_content, clean_subject
from domain.tickets.ticket import Priority, Ticket
from domain.tickets.visits import begin_visits, close_or_reopen
from domain.unit_of_work import UnitOfWork
from policies import Permission


class TicketDraft(NamedTuple):
    """The texts and people of a new ticket; only the subject is required."""

    subject: str
    content: str = ""
    priority: Priority | None = None
    owner_id: UUID | None = None
    team_id: UUID | None = None
    properties: Mapping[str, str | None] = MappingProxyType({})


async def create_ticket(
    work: UnitOfWork, pipeline: Pipeline, draft: TicketDraft, *, stage: Stage | None = None, place: Place = TOP
) -> UUID:
    """Create a ticket in a stage of a visible pipeline, the first OPEN one unless named; a CLOSED one closes it (S19).

    Declines NOT_PERMITTED; NOT_FOUND for owners and teams that are not active in the account; PLACE_GONE; INVALID for
    texts that are too long and unknown properties.
    """
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=work.actor.edits_tickets)
    subject = clean_subject(draft.subject)
    check_content(draft.content)
    await properties.check_values(work, draft.properties)
    if draft.owner_id is not None:
        await accounts.find_user(work, draft.owner_id, field=("ownerId",))
    if draft.team_id is not None:
        await accounts.find_team(work, draft.team_id, field=("teamId",))
    number = await next_number(work, pipeline)
    stage = await _lock_entrance(work, pipeline, stage)
    at = await work.clock()
    ticket = Ticket(
        account_id=work.account_id,
        id=new_id(),
        pipeline_id=pipeline.id,
        stage_id=stage.id,
        rank=await rank_at(work, stage, place),
        key=f"{pipeline.key_prefix}-{number}",
        subject=subject,
        content=draft.content,
        priority=draft.priority,
        owner_id=draft.owner_id,
        team_id=draft.team_id,
        properties={name: value for name, value in draft.properties.items() if value is not None},
        created_at=at,
        entered_at=at,
    )
    work.session.add(ticket)
    await work.session.flush()
    keep_key(work, ticket, number, pipeline)
    await begin_visits(work, [ticket.id], stage, at)
    await close_or_reopen(work, ticket, stage, at)
    _record(work, ticket)
    return ticket.id


def _record(work: UnitOfWork, ticket: Ticket) -> None:
    after = payload_of(ticket, CREATED)
    pipelines = (None, ticket.pipeline_id)
    work.record(EventKind.TICKET_CREATED, "ticket", ticket.id, after=after, pipelines=pipelines)


async def _lock_entrance(work: UnitOfWork, pipeline: Pipeline, stage: Stage | None) -> Stage:
    """Lock the stage that is named, or else the first OPEN one. Declines CONFLICT when that one is no longer OPEN."""
    locked = await lock_stage(work, stage or first_stage(pipeline, StageState.OPEN))
    if locked is None:
        raise NotFound("stage", field=("stage",))
    if stage is None and locked.state != StageState.OPEN.value:
        raise Conflict("Somebody changed the stages of the pipeline at the same moment; try again.")
    return locked
