"""Updating what a ticket says, and to whom it is assigned."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain import accounts, properties
from domain.authorization import require
from domain.errors import expect_revision
from domain.events.event import EventKind
from domain.pipelines import Pipeline
from domain.tickets.create_ticket import check_content, clean_subject
from domain.tickets.event_payload import payload_from, payload_of
from domain.tickets.finders import lock_ticket
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def update_ticket(
    work: UnitOfWork,
    ticket: Ticket,
    *,
    pipeline: Pipeline,
    changes: Mapping[str, Any],
    expected_revision: int | None = None,
) -> None:
    """Change subject, content, priority or own properties; `changes` holds those alone that change, by field name.

    A property set to null is cleared. Declines NOT_PERMITTED, CONFLICT, texts that are too long, unknown properties.
    """
    ticket = await _lock(work, ticket, pipeline, expected_revision)
    wanted = dict(changes)
    if "subject" in wanted:
        wanted["subject"] = clean_subject(wanted["subject"])
    if "content" in wanted:
        check_content(wanted["content"])
    if "properties" in wanted:
        values: Mapping[str, str | None] = wanted["properties"]
        await properties.check_values(work, values)
        kept = {**ticket.properties, **values}
        wanted["properties"] = {name: value for name, value in kept.items() if value is not None}
    await _apply(work, EventKind.TICKET_UPDATED, ticket, wanted)


async def assign_ticket(
    work: UnitOfWork,
    ticket: Ticket,
    *,
    pipeline: Pipeline,
    changes: Mapping[str, UUID | None],
    expected_revision: int | None = None,
) -> None:
    """Give a ticket to an owner, a team or both; null takes it away. `changes` may hold owner_id and team_id.

    Declines NOT_PERMITTED, CONFLICT, and NOT_FOUND for users and teams that are not active in the account.
    """
    ticket = await _lock(work, ticket, pipeline, expected_revision)
    owner, team = changes.get("owner_id"), changes.get("team_id")
    if owner is not None:
        await accounts.find_user(work, owner, field=("ownerId",))
    if team is not None:
        await accounts.find_team(work, team, field=("teamId",))
    await _apply(work, EventKind.TICKET_ASSIGNED, ticket, changes)


async def _lock(work: UnitOfWork, ticket: Ticket, pipeline: Pipeline, expected_revision: int | None) -> Ticket:
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    ticket = await lock_ticket(work, ticket)
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    expect_revision(ticket.revision, expected_revision)
    return ticket


async def _apply(work: UnitOfWork, kind: EventKind, ticket: Ticket, wanted: Mapping[str, Any]) -> None:
    """Write what differs, and record its before and after; nothing happens where nothing differs."""
    differing = {name: value for name, value in wanted.items() if getattr(ticket, name) != value}
    if not differing:
        return
    before = payload_of(ticket, differing)
    for name, value in differing.items():
        setattr(ticket, name, value)
    ticket.revision += 1
    after = payload_from(differing, differing)
    pipelines = (ticket.pipeline_id, ticket.pipeline_id)
    work.record(kind, "ticket", ticket.id, before=before, after=after, pipelines=pipelines)
