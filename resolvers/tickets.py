"""Tickets: finding them, and their mutations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain import pipelines, tickets
from domain.errors import Invalid, NotFound
from domain.reference import Place, Ref
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context
from resolvers.mutation import mutation, plain_mutation
from resolvers.related import AnyTicket, Includes, Related, load_related


@dataclass(frozen=True)
class TicketView:
    """One ticket and its related data."""

    ticket: AnyTicket
    related: Related


async def find_ticket(context: Context, ticket_id: UUID, includes: Includes) -> TicketView:
    """One ticket by id."""
    async with context.reading() as work:
        card, home, names = await tickets.read_ticket(work, ticket_id, wide=includes.wide, named=includes.people)
        return TicketView(card, await load_related(work, includes, found=[home], subjects=[card], names=names))


async def find_ticket_by_key(context: Context, key: str, pipeline: Ref | None, includes: Includes) -> TicketView:
    """The one visible ticket that has or had the key; keys may repeat in other pipelines, and then one is named."""
    async with context.reading() as work:
        of = await pipelines.find_pipeline(work, pipeline) if pipeline is not None else None
        found = await tickets.find_by_key(work, key, of=of)
        if not found:
            raise NotFound("ticket", field=("key",))
        if len(found) > 1:
            raise Invalid(f"Several tickets have the key {key}: name the pipeline as well.", field=("pipeline",))
        return TicketView(found[0], await load_related(work, includes, subjects=found))


@mutation(reread=find_ticket)
async def create_ticket(
    work: UnitOfWork, *, pipeline: Ref | None, stage: Ref | None, draft: tickets.TicketDraft, place: Place
) -> UUID:
    """Create a ticket in the stage named, by default in the default pipeline."""
    home, first = await _find_entrance(work, pipeline, stage)
    return await tickets.create_ticket(work, home, draft, stage=first, place=place)


@mutation(reread=find_ticket)
async def update_ticket(
    work: UnitOfWork, *, ticket_id: UUID, changes: Mapping[str, Any], expected_revision: int | None
) -> UUID:
    """Change the texts, priority and own properties of a ticket."""
    ticket, pipeline = await _find(work, ticket_id)
    await tickets.update_ticket(work, ticket, pipeline=pipeline, changes=changes, expected_revision=expected_revision)
    return ticket.id


@mutation(reread=find_ticket)
async def move_ticket(
    work: UnitOfWork,
    *,
    ticket_id: UUID,
    pipeline: Ref | None,
    stage: Ref | None,
    place: Place,
    expected_revision: int | None,
) -> UUID:
    """Move a ticket to a stage, by default its own, and to a place in it."""
    ticket, source, _ = await tickets.read_ticket(work, ticket_id, wide=False)
    target, to = await _find_target(work, ticket, source, pipeline, stage)
    await tickets.move_ticket(
        work, ticket, source=source, target=target, stage=to, place=place, expected_revision=expected_revision
    )
    return ticket.id


@mutation(reread=find_ticket)
async def close_ticket(work: UnitOfWork, *, ticket_id: UUID, stage: Ref | None, expected_revision: int | None) -> UUID:
    """Close a ticket in a stage of its pipeline."""
    ticket, pipeline, _ = await tickets.read_ticket(work, ticket_id, wide=False)
    to = pipelines.find_stage(pipeline, stage) if stage is not None else None
    await tickets.close_ticket(work, ticket, pipeline=pipeline, stage=to, expected_revision=expected_revision)
    return ticket.id


@mutation(reread=find_ticket)
async def reopen_ticket(work: UnitOfWork, *, ticket_id: UUID, expected_revision: int | None) -> UUID:
    """Reopen a ticket."""
    ticket, pipeline, _ = await tickets.read_ticket(work, ticket_id, wide=False)
    await tickets.reopen_ticket(work, ticket, pipeline=pipeline, expected_revision=expected_revision)
    return ticket.id


@mutation(reread=find_ticket)
async def assign_ticket(
    work: UnitOfWork, *, ticket_id: UUID, changes: Mapping[str, UUID | None], expected_revision: int | None
) -> UUID:
    """Assign a ticket to an owner, a team or both."""
    ticket, pipeline = await _find(work, ticket_id)
    await tickets.assign_ticket(work, ticket, pipeline=pipeline, changes=changes, expected_revision=expected_revision)
    return ticket.id


@plain_mutation
async def delete_ticket(work: UnitOfWork, *, ticket_id: UUID, expected_revision: int | None) -> UUID:
    """Archive a ticket."""
    ticket, pipeline = await _find(work, ticket_id)
    await tickets.delete_ticket(work, ticket, pipeline=pipeline, expected_revision=expected_revision)
    return ticket.id


async def _find(work: UnitOfWork, ticket_id: UUID) -> tuple[tickets.Ticket, pipelines.Pipeline]:
    ticket = await tickets.find_ticket(work, ticket_id)
    return ticket, await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))


async def _find_entrance(
    work: UnitOfWork, pipeline: Ref | None, stage: Ref | None
) -> tuple[pipelines.Pipeline, pipelines.Stage | None]:
    """Pipeline and stage of a new ticket: a stage's id is enough, its internal name needs the pipeline."""
    if pipeline is None and stage is not None and stage.id is not None:
        found = await pipelines.find_pipeline_of_stage(work, stage.id)
    else:
        found = await pipelines.find_pipeline(work, pipeline)
    return found, pipelines.find_stage(found, stage) if stage is not None else None


async def _find_target(
    work: UnitOfWork, ticket: tickets.Card, source: pipelines.PipelineRow, pipeline: Ref | None, stage: Ref | None
) -> tuple[pipelines.PipelineRow, pipelines.StageRow]:
    """Where a ticket moves: to the stage that is named; else to its own, or the first one of another pipeline."""
    target = source
    if pipeline is not None:
        target = await pipelines.read_pipeline(work, pipeline)
    elif stage is not None and stage.id is not None and all(each.id != stage.id for each in source.stages):
        target = await pipelines.read_pipeline_of_stage(work, stage.id)
    if stage is None and target.id != source.id:
        return target, target.stages[0]
    return target, pipelines.find_stage(target, stage or Ref(id=ticket.stage_id))
