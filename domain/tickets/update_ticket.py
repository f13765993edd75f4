"""Updating the texts, priority and own properties of a ticket."""

from collections.abc import Mapping
from typing import Any

from domain import properties
from domain.authorization import require
from domain.events.event import EventKind
from domain.pipelines import Pipeline
from domain.tickets.field_changes import apply_changes
from domain.tickets.locks import lock_to_edit
from domain.tickets.texts import check_content, clean_subject
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
    """Change subject, content, priority or own properties; `changes` has the fields to change, by name.

    None clears a property. Declines NOT_PERMITTED, CONFLICT, and INVALID for texts that are too long and unknown
    properties.
    """
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    ticket = await lock_to_edit(work, ticket, pipeline, Permission.TICKET_WRITE, expected_revision)
    changed = dict(changes)
    if "subject" in changed:
        changed["subject"] = clean_subject(changed["subject"])
    if "content" in changed:
        check_content(changed["content"])
    if "properties" in changed:
        values: Mapping[str, str | None] = changed["properties"]
        await properties.check_values(work, values)
        kept = {**ticket.properties, **values}
        changed["properties"] = {name: value for name, value in kept.items() if value is not None}
    await apply_changes(work, EventKind.TICKET_UPDATED, ticket, changed)
