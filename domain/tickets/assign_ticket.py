"""Assigning a ticket to an owner, a team or both."""

from collections.abc import Mapping
from uuid import UUID

from domain import accounts
from domain.authorization import require
from domain.events.event import EventKind
from domain.pipelines import Pipeline
from domain.tickets.field_changes import apply_changes
from domain.tickets.locks import lock_to_edit
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def assign_ticket(
    work: UnitOfWork,
    ticket: Ticket,
    *,
    pipeline: Pipeline,
    changes: Mapping[str, UUID | None],
    expected_revision: int | None = None,
) -> None:
    """Assign a ticket to an owner, a team or both; None removes them. `changes` may have owner_id and team_id.

    Declines NOT_PERMITTED, CONFLICT, and NOT_FOUND for users and teams that are not active in the account.
    """
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    ticket = await lock_to_edit(work, ticket, pipeline, Permission.TICKET_WRITE, expected_revision)
    owner, team = changes.get("owner_id"), changes.get("team_id")
    if owner is not None:
        await accounts.find_user(work, owner, field=("ownerId",))
    if team is not None:
        await accounts.find_team(work, team, field=("teamId",))
    await apply_changes(work, EventKind.TICKET_ASSIGNED, ticket, changes)
