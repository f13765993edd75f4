"""The rows that a change of stage writes: visits that end and begin, and closures (B10, S19).

For one ticket or many. The caller has locked the tickets and updates their own columns.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, func, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from domain.database.bulk_insert import load
from domain.database.model import new_id
from domain.pipelines import Stage, StageState
from domain.tickets.ticket import Closure, Ticket
from domain.tickets.visit import Visit
from domain.unit_of_work import UnitOfWork


def among(column: InstrumentedAttribute[UUID], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Whether a column is one of these ids, sent as one array: a statement takes at most 32,767 parameters."""
    return column == any_(bindparam(None, list(ids), ARRAY(Uuid), unique=True))


async def end_visits(work: UnitOfWork, tickets: Sequence[UUID], at: datetime) -> None:
    """End the open visits of tickets, never before they began."""
    open_visits = update(Visit).where(
        Visit.account_id == work.account_id, among(Visit.ticket_id, tickets), Visit.left_at.is_(None)
    )
    ended = open_visits.values(
        left_at=func.greatest(at, Visit.entered_at), left_by_kind=work.actor.kind.value, left_by=work.actor.id
    )
    await work.session.execute(ended.execution_options(synchronize_session=False))


async def begin_visits(work: UnitOfWork, tickets: Sequence[UUID], stage: Stage, at: datetime) -> None:
    """Begin a visit in a stage for each of the tickets."""
    rows = [
        {
            "account_id": work.account_id,
            "id": new_id(),
            "ticket_id": ticket,
            "pipeline_id": stage.pipeline_id,
            "stage_id": stage.id,
            "entered_at": at,
            "entered_by_kind": work.actor.kind.value,
            "entered_by": work.actor.id,
        }
        for ticket in tickets
    ]
    await load(work.session, Visit, rows)


async def open_closures(work: UnitOfWork, tickets: Sequence[UUID], at: datetime) -> None:
    """Insert closures."""
    rows = [
        {
            "account_id": work.account_id,
            "id": new_id(),
            "ticket_id": ticket,
            "closed_at": at,
            "closed_by": work.actor.id,
        }
        for ticket in tickets
    ]
    await load(work.session, Closure, rows)


async def end_closures(work: UnitOfWork, tickets: Sequence[UUID], at: datetime) -> None:
    """End the open closures of tickets."""
    open_rows = update(Closure).where(
        Closure.account_id == work.account_id, among(Closure.ticket_id, tickets), Closure.reopened_at.is_(None)
    )
    ended = open_rows.values(reopened_at=func.greatest(at, Closure.closed_at), reopened_by=work.actor.id)
    await work.session.execute(ended.execution_options(synchronize_session=False))


async def close_or_reopen(work: UnitOfWork, ticket: Ticket, stage: Stage, at: datetime) -> bool | None:
    """Close or reopen a ticket to match its stage: True if that closed it, False if it reopened it, else None."""
    closed = stage.state == StageState.CLOSED.value
    if closed == (ticket.closed_at is not None):
        return None
    ticket.closed_at = at if closed else None
    await (open_closures(work, [ticket.id], at) if closed else end_closures(work, [ticket.id], at))
    return closed


async def close_or_reopen_all(work: UnitOfWork, tickets: Sequence[UUID], state: StageState, at: datetime) -> list[UUID]:
    """Close or reopen tickets to match a state, and return those that this closed or reopened."""
    closed = state is StageState.CLOSED
    other = Ticket.closed_at.is_(None) if closed else Ticket.closed_at.is_not(None)
    changed = (
        update(Ticket)
        .where(Ticket.account_id == work.account_id, among(Ticket.id, tickets), other)
        .values(closed_at=at if closed else None, revision=Ticket.revision + 1)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    )
    ids = list((await work.session.execute(changed)).scalars())
    if ids:
        await (open_closures(work, ids, at) if closed else end_closures(work, ids, at))
    return ids
