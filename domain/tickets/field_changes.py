"""Changes of a ticket's fields: only what differs is written, with its before and after (B8)."""

from collections.abc import Mapping
from typing import Any

from domain.events.event import EventKind
from domain.tickets.event_payload import payload_from, payload_of
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork


async def apply_changes(work: UnitOfWork, kind: EventKind, ticket: Ticket, changes: Mapping[str, Any]) -> None:
    """Write the fields that differ, and record an event with their old and new values; nothing where none differs."""
    differing = {name: value for name, value in changes.items() if getattr(ticket, name) != value}
    if not differing:
        return
    before = payload_of(ticket, differing)
    for name, value in differing.items():
        setattr(ticket, name, value)
    ticket.revision += 1
    after = payload_from(differing, differing)
    pipelines = (ticket.pipeline_id, ticket.pipeline_id)
    work.record(kind, "ticket", ticket.id, before=before, after=after, pipelines=pipelines)
