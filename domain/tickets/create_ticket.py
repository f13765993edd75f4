"""Opening a ticket: its first stage, its key and its first visit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, overload
from uuid import UUID

from sqlalchemy import update

from domain import accounts, properties
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound
from domain.events.event import EventKind
from domain.pipelines import AnyPipeline, AnyStage, Pipeline, PipelineRow, Stage, StageRow, StageState
from domain.reference import TOP, Place
from domain.tickets.event_payload import CREATED, payload_of
from domain.tickets.ranks import lock_stage, rank_at
from domain.tickets.ticket import Priority, Ticket, TicketKey
from domain.tickets.visits import begin_visits, close_or_reopen
from domain.unit_of_work import UnitOfWork
from policies import Permission

LONGEST_SUBJECT = 500  # characters
LONGEST_CONTENT = 65_536  # characters


class TicketDraft(NamedTuple):
    """What a new ticket says; only the subject is needed."""

    subject: str
    content: str = ""
    priority: Priority | None = None
    owner_id: UUID | None = None
    team_id: UUID | None = None
    properties: Mapping[str, str | None] = MappingProxyType({})


async def create_ticket(
    work: UnitOfWork, pipeline: Pipeline, draft: TicketDraft, *, stage: Stage | None = None, place: Place = TOP
) -> UUID:
    """Open a ticket in a stage of a visible pipeline, the first OPEN one unless named; a CLOSED one closes it (S19).

    Declines NOT_PERMITTED, owners and teams that are not of the account, texts that are too long, unknown properties.
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
    give_key(work, ticket, number, pipeline)
    await begin_visits(work, [ticket.id], stage, at)
    await close_or_reopen(work, ticket, stage, at)
    _record(work, ticket)
    return ticket.id


async def _lock_entrance(work: UnitOfWork, pipeline: Pipeline, stage: Stage | None) -> Stage:
    """The stage that is named, or else the first OPEN one as long as it still is that."""
    locked = await lock_stage(work, stage or first_stage(pipeline, StageState.OPEN))
    if locked is None:
        raise NotFound("stage", field=("stage",))
    if stage is None and locked.state != StageState.OPEN.value:
        raise Conflict("Somebody changed the stages of the pipeline at the same moment; try again.")
    return locked


async def next_number(work: UnitOfWork, pipeline: AnyPipeline) -> int:
    """The next number of the pipeline's keys; holds the pipeline's counter until the unit ends."""
    return (await next_numbers(work, pipeline, 1))[0]


async def next_numbers(work: UnitOfWork, pipeline: AnyPipeline, count: int) -> range:
    """The next `count` numbers of the pipeline's keys; holds the pipeline's counter until the unit ends."""
    counted = (
        update(Pipeline)
        .where(Pipeline.account_id == work.account_id, Pipeline.id == pipeline.id)
        .values(last_number=Pipeline.last_number + count)
        .returning(Pipeline.last_number)
        .execution_options(synchronize_session=False)
    )
    last = (await work.session.execute(counted)).scalar_one_or_none()
    if last is None:
        raise NotFound("pipeline", field=("pipeline",))
    return range(last - count + 1, last + 1)


def give_key(work: UnitOfWork, ticket: Ticket, number: int, pipeline: Pipeline) -> None:
    """Keep the ticket's key, so that it finds the ticket wherever it goes later (settled choice 6)."""
    work.session.add(
        TicketKey(
            account_id=work.account_id,
            pipeline_id=pipeline.id,
            number=number,
            key=ticket.key,
            ticket_id=ticket.id,
        )
    )


@overload
def first_stage(pipeline: Pipeline, state: StageState) -> Stage:
    """To be changed."""


@overload
def first_stage(pipeline: PipelineRow, state: StageState) -> StageRow:
    """To be shown."""


def first_stage(pipeline: AnyPipeline, state: StageState) -> AnyStage:
    """The first stage of that state; there is one (S21)."""
    return next(stage for stage in pipeline.stages if stage.state == state.value)


def clean_subject(subject: str) -> str:
    """The subject without surrounding space. Declines empty ones and those over 500 characters."""
    subject = subject.strip()
    if not subject:
        raise Invalid("Give the ticket a subject.", field=("subject",))
    if len(subject) > LONGEST_SUBJECT:
        raise Invalid(f"The subject is longer than {LONGEST_SUBJECT} characters.", field=("subject",))
    return subject


def check_content(content: str) -> None:
    """Decline descriptions over 65,536 characters."""
    if len(content) > LONGEST_CONTENT:
        raise Invalid(f"The description is longer than {LONGEST_CONTENT} characters.", field=("content",))


def _record(work: UnitOfWork, ticket: Ticket) -> None:
    after = payload_of(ticket, CREATED)
    pipelines = (None, ticket.pipeline_id)
    work.record(EventKind.TICKET_CREATED, "ticket", ticket.id, after=after, pipelines=pipelines)
