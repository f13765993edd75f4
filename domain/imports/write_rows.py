"""Keeping what relived tickets left behind: their rows, table by table, in one statement each."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, update

from domain.actor import ActorKind
from domain.database.bulk_insert import load, table_of, unnest, unnest_params
from domain.database.model import new_id
from domain.imports.replay import TicketReplay
from domain.tickets import Closure, ImportedTicket, Ticket, TicketKey, Visit
from domain.unit_of_work import UnitOfWork


class Kept(NamedTuple):
    """A relived ticket, its number in the source, and the digests of the rows that were news."""

    life: TicketReplay
    number: str
    digests: bytes


async def keep_new(work: UnitOfWork, source: str, kept: Sequence[Kept]) -> None:
    """Insert tickets that are new here, and which rows of the source they were made from."""
    lives = [each.life for each in kept]
    await load(work.session, Ticket, [{"account_id": work.account_id, "id": life.id, **life.columns} for life in lives])
    origins = [
        {
            "account_id": work.account_id,
            "ticket_id": each.life.id,
            "source": source,
            "number": each.number,
            "row_digests": each.digests,
        }
        for each in kept
    ]
    await load(work.session, ImportedTicket, origins)
    await _keep_pasts(work, lives)


async def keep_grown(work: UnitOfWork, kept: Sequence[Kept]) -> None:
    """Update locked tickets whose history goes on; what was open before is ended first."""
    lives = [each.life for each in kept]
    await _end_visits(work, lives)
    await _end_closures(work, lives)
    await _change_tickets(work, [life for life in lives if life.happenings])
    await note_rows(work, kept)
    await _keep_pasts(work, lives)


async def note_rows(work: UnitOfWork, kept: Sequence[Kept]) -> None:
    """Remember rows of tickets that were imported before as taken."""
    rows = [{"ticket_id": each.life.id, "row_digests": each.digests} for each in kept]
    if rows:
        origin, given = table_of(ImportedTicket), unnest(ImportedTicket, rows[0])
        noted = update(origin).where(origin.c.account_id == work.account_id, origin.c.ticket_id == given.c.ticket_id)
        longer = noted.values(row_digests=origin.c.row_digests.concat(given.c.row_digests))
        await work.session.execute(longer, unnest_params(rows))


async def _keep_pasts(work: UnitOfWork, lives: Sequence[TicketReplay]) -> None:
    """Insert the keys, visits and closures of tickets, and record what happened to them."""
    keys = [
        {
            "account_id": work.account_id,
            "pipeline_id": life.columns["pipeline_id"],
            "number": life.number,
            "key": life.columns["key"],
            "ticket_id": life.id,
        }
        for life in lives
        if life.arrived
    ]
    await load(work.session, TicketKey, keys)
    for model, pasts in ((Visit, [life.visits for life in lives]), (Closure, [life.closures for life in lives])):
        rows = [
            {"account_id": work.account_id, "id": new_id(), "ticket_id": life.id, **row}
            for life, past in zip(lives, pasts, strict=True)
            for row in past
        ]
        await load(work.session, model, rows)
    for life in lives:
        for kind, imported, before, after, pipelines in life.happenings:
            work.record(kind, "ticket", life.id, before=before, after=after, pipelines=pipelines, imported=imported)


async def _end_visits(work: UnitOfWork, lives: Sequence[TicketReplay]) -> None:
    rows = [{"ticket_id": life.id, "left_at": life.left.at, "left_by": life.left.by} for life in lives if life.left]
    if rows:
        visit, given = table_of(Visit), unnest(Visit, rows[0])
        still_open = update(visit).where(
            visit.c.account_id == work.account_id, visit.c.ticket_id == given.c.ticket_id, visit.c.left_at.is_(None)
        )
        ended = still_open.values(
            left_at=func.greatest(given.c.left_at, visit.c.entered_at),
            left_by_kind=ActorKind.IMPORTED.value,
            left_by=given.c.left_by,
        )
        await work.session.execute(ended, unnest_params(rows))


async def _end_closures(work: UnitOfWork, lives: Sequence[TicketReplay]) -> None:
    rows = [
        {"ticket_id": life.id, "reopened_at": life.reopened.at, "reopened_by": life.reopened.by}
        for life in lives
        if life.reopened
    ]
    if rows:
        closure, given = table_of(Closure), unnest(Closure, rows[0])
        still_closed = update(closure).where(
            closure.c.account_id == work.account_id,
            closure.c.ticket_id == given.c.ticket_id,
            closure.c.reopened_at.is_(None),
        )
        ended = still_closed.values(
            reopened_at=func.greatest(given.c.reopened_at, closure.c.closed_at), reopened_by=given.c.reopened_by
        )
        await work.session.execute(ended, unnest_params(rows))


async def _change_tickets(work: UnitOfWork, lives: Sequence[TicketReplay]) -> None:
    rows = [{"id": life.id, **life.columns} for life in lives]
    if rows:
        ticket, given = table_of(Ticket), unnest(Ticket, rows[0])
        changed = update(ticket).where(ticket.c.account_id == work.account_id, ticket.c.id == given.c.id)
        fresh = {name: given.c[name] for name in rows[0] if name != "id"}
        await work.session.execute(changed.values(**fresh, revision=ticket.c.revision + 1), unnest_params(rows))
