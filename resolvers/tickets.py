"""Tickets: finding them, and what people do with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain import pipelines, tickets
from domain.errors import Invalid, NotFound
from domain.idempotency import IdempotentRequest
from domain.reference import TOP, Place, Ref
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context, reread
from resolvers.related import AnyTicket, Includes, Related, load_related


@dataclass(frozen=True)
class TicketView:
    """One ticket and what is shown around it."""

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


async def create_ticket(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    pipeline: Ref | None,
    stage: Ref | None,
    draft: tickets.TicketDraft,
    place: Place = TOP,
) -> TicketView | None:
    """Open a ticket."""

    async def verb(work: UnitOfWork) -> UUID:
        found, first = await _destination(work, pipeline, stage)
        return await tickets.create_ticket(work, found, draft, stage=first, place=place)

    return await reread(find_ticket(context, await context.perform(once, verb), includes))


async def move_ticket(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ticket_id: UUID,
    pipeline: Ref | None,
    stage: Ref | None,
    place: Place,
    expected_revision: int | None,
) -> TicketView | None:
    """Move a ticket to a stage, by default its own, and to a place in it."""

    async def verb(work: UnitOfWork) -> UUID:
        ticket, source, _ = await tickets.read_ticket(work, ticket_id, wide=False)
        target, to = await _goal(work, ticket, source, pipeline, stage)
        await tickets.move_ticket(
            work, ticket, source=source, target=target, stage=to, place=place, expected_revision=expected_revision
        )
        return ticket.id

    return await reread(find_ticket(context, await context.perform(once, verb), includes))


async def _goal(
    work: UnitOfWork, ticket: tickets.Card, source: pipelines.PipelineRow, pipeline: Ref | None, stage: Ref | None
) -> tuple[pipelines.PipelineRow, pipelines.StageRow]:
    """Where a ticket is to go: to the stage that was named; else to its own, or the first one of another pipeline."""
    target = source
    if pipeline is not None:
        target = await pipelines.read_pipeline(work, pipeline)
    elif stage is not None and stage.id is not None and all(each.id != stage.id for each in source.stages):
        target = await pipelines.read_pipeline_of_stage(work, stage.id)
    if stage is None and target.id != source.id:
        return target, target.stages[0]
    return target, pipelines.find_stage(target, stage or Ref(id=ticket.stage_id))


async def _destination(
    work: UnitOfWork, pipeline: Ref | None, stage: Ref | None
) -> tuple[pipelines.Pipeline, pipelines.Stage | None]:
    """Pipeline and stage by what was named: a stage's id is enough, its internal name needs the pipeline."""
    if pipeline is None and stage is not None and stage.id is not None:
        found = await pipelines.find_pipeline_of_stage(work, stage.id)
    else:
        found = await pipelines.find_pipeline(work, pipeline)
    return found, pipelines.find_stage(found, stage) if stage is not None else None


async def close_ticket(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ticket_id: UUID,
    stage: Ref | None,
    expected_revision: int | None,
) -> TicketView | None:
    """Close a ticket."""

    async def verb(work: UnitOfWork) -> UUID:
        ticket, pipeline = await _read(work, ticket_id)
        to = pipelines.find_stage(pipeline, stage) if stage is not None else None
        await tickets.close_ticket(work, ticket, pipeline=pipeline, stage=to, expected_revision=expected_revision)
        return ticket.id

    return await reread(find_ticket(context, await context.perform(once, verb), includes))


async def reopen_ticket(
    context: Context, once: IdempotentRequest, includes: Includes, *, ticket_id: UUID, expected_revision: int | None
) -> TicketView | None:
    """Reopen a ticket."""

    async def verb(work: UnitOfWork) -> UUID:
        ticket, pipeline = await _read(work, ticket_id)
        await tickets.reopen_ticket(work, ticket, pipeline=pipeline, expected_revision=expected_revision)
        return ticket.id

    return await reread(find_ticket(context, await context.perform(once, verb), includes))


async def update_ticket(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ticket_id: UUID,
    changes: Mapping[str, Any],
    expected_revision: int | None,
) -> TicketView | None:
    """Change what a ticket says."""

    async def verb(work: UnitOfWork) -> UUID:
        ticket, pipeline = await _find(work, ticket_id)
        await tickets.update_ticket(
            work, ticket, pipeline=pipeline, changes=changes, expected_revision=expected_revision
        )
        return ticket.id

    return await reread(find_ticket(context, await context.perform(once, verb), includes))


async def assign_ticket(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ticket_id: UUID,
    changes: Mapping[str, UUID | None],
    expected_revision: int | None,
) -> TicketView | None:
    """Give a ticket to an owner or a team."""

    async def verb(work: UnitOfWork) -> UUID:
        ticket, pipeline = await _find(work, ticket_id)
        await tickets.assign_ticket(
            work, ticket, pipeline=pipeline, changes=changes, expected_revision=expected_revision
        )
        return ticket.id

    return await reread(find_ticket(context, await context.perform(once, verb), includes))


async def delete_ticket(
    context: Context, once: IdempotentRequest, *, ticket_id: UUID, expected_revision: int | None
) -> UUID:
    """Delete a ticket, which archives it."""

    async def verb(work: UnitOfWork) -> UUID:
        ticket, pipeline = await _find(work, ticket_id)
        await tickets.delete_ticket(work, ticket, pipeline=pipeline, expected_revision=expected_revision)
        return ticket.id

    return await context.perform(once, verb)


async def _read(work: UnitOfWork, ticket_id: UUID) -> tuple[tickets.Card, pipelines.PipelineRow]:
    ticket, pipeline, _ = await tickets.read_ticket(work, ticket_id, wide=False)
    return ticket, pipeline


async def _find(work: UnitOfWork, ticket_id: UUID) -> tuple[tickets.Ticket, pipelines.Pipeline]:
    ticket = await tickets.find_ticket(work, ticket_id)
    return ticket, await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))
