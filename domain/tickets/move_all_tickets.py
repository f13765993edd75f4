"""Moving all the tickets of a stage to another one at once, in their order (S24, B7)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from domain.actor import Reach
from domain.authorization import require
from domain.events.event import EventKind
from domain.pipelines import Pipeline, Stage, StageState
from domain.tickets.locks import lock_tickets_in
from domain.tickets.ranks import ranks_at_the_end, set_ranks
from domain.tickets.ticket import Ticket
from domain.tickets.visits import among, begin_visits, close_or_reopen_all, end_visits
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def move_all_tickets(work: UnitOfWork, pipeline: Pipeline, source: Stage, target: Stage) -> None:
    """Move every ticket of a locked stage to the bottom of another locked one of the same pipeline.

    Each counts as moved: its visit ends, one begins, and it is closed or reopened. Declines NOT_PERMITTED to actors
    who may not edit all tickets.
    """
    everything = work.actor.is_super_admin or work.actor.edit.reach is Reach.ALL
    require(work.actor, Permission.TICKET_WRITE, level=pipeline.level, in_scope=everything)
    tickets = await lock_tickets_in(work, source)
    if not tickets:
        return
    at = await work.clock(not_before=await _latest_entry(work, tickets))
    await set_ranks(work, tickets, await ranks_at_the_end(work, target, len(tickets)))
    moved = update(Ticket).where(Ticket.account_id == work.account_id, among(Ticket.id, tickets))
    await work.session.execute(
        moved.values(stage_id=target.id, entered_at=at, revision=Ticket.revision + 1).execution_options(
            synchronize_session=False
        )
    )
    await end_visits(work, tickets, at)
    await begin_visits(work, tickets, target, at)
    changed = set(await close_or_reopen_all(work, tickets, StageState(target.state), at))
    closing = EventKind.TICKET_CLOSED if target.state == StageState.CLOSED.value else EventKind.TICKET_REOPENED
    pipelines = (pipeline.id, pipeline.id)
    before, after = ({"pipeline": str(pipeline.id), "stage": str(stage.id)} for stage in (source, target))
    for ticket in tickets:
        work.record(EventKind.TICKET_MOVED, "ticket", ticket, before=before, after=after, pipelines=pipelines)
        if ticket in changed:
            work.record(closing, "ticket", ticket, after=after, pipelines=pipelines)


async def _latest_entry(work: UnitOfWork, tickets: Sequence[UUID]) -> datetime:
    """When the last of these tickets came into its stage: before that, none of them left it (settled choice 9)."""
    latest = select(func.max(Ticket.entered_at)).where(Ticket.account_id == work.account_id, among(Ticket.id, tickets))
    return (await work.session.execute(latest)).scalar_one()
