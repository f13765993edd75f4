"""Finding what the audit log holds, for those who may read it; for everybody else there is none (B18)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, tuple_

from domain.audit.seal import AuditSeal
from domain.authorization import denial
from domain.errors import Invalid, NotFound
from domain.events.event import AUDITED, Event, EventKind, JournalEntry
from domain.events.kind_renames import stored_kinds
from domain.page import Page, check_size, cut
from domain.unit_of_work import UnitOfWork
from policies import Permission


class AuditFilter(NamedTuple):
    """Which events are asked for; what is None does not narrow. From `since` on, and before `until`."""

    kinds: frozenset[EventKind] | None = None
    actor_id: UUID | None = None
    object_id: UUID | None = None
    pipeline_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditPlace(NamedTuple):
    """After which event a page begins; the log is read from its newest event on."""

    at: datetime
    id: UUID


class AuditEntry(NamedTuple):
    """An event of the log, its number once it has one, and whether the chain holds it."""

    event: Event
    number: int | None
    sealed: bool


async def list_audit_events(
    work: UnitOfWork, wanted: AuditFilter, first: int, after: AuditPlace | None = None
) -> Page[AuditEntry]:
    """A page of the log, newest first. Whoever may not read it finds none: NOT_FOUND. Declines pages that cannot be."""
    _look(work)
    check_size(first)
    if wanted.since is not None and wanted.until is not None and wanted.since >= wanted.until:
        raise Invalid("`since` must be before `until`.", field=("since",))
    statement = _audited(work).where(*_narrowed(wanted))
    if after is not None:
        statement = statement.where(tuple_(Event.at, Event.id) < tuple_(after.at, after.id))
    statement = statement.order_by(Event.at.desc(), Event.id.desc()).limit(first + 1)
    return cut([_entry(*row) for row in await work.session.execute(statement)], first)


async def find_audit_events(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, AuditEntry]:
    """Events of the log by id; none for those who may not read it."""
    wanted = set(ids)
    if not wanted or denial(work.actor, Permission.AUDIT_VIEW) is not None:
        return {}
    rows = await work.session.execute(_audited(work).where(Event.id.in_(wanted)))
    return {row[0].id: _entry(*row) for row in rows}


def _look(work: UnitOfWork) -> None:
    if denial(work.actor, Permission.AUDIT_VIEW) is not None:
        raise NotFound("audit log")


def _audited(work: UnitOfWork) -> Select[Event, int | None, int | None]:
    sealed = select(func.max(AuditSeal.last_number)).where(AuditSeal.account_id == work.account_id).scalar_subquery()
    entry = and_(JournalEntry.account_id == Event.account_id, JournalEntry.event_id == Event.id)
    # Written out and no parameter: only so the index of audited events is known to hold all that is asked for.
    audited = Event.object_kind != literal_column("'ticket'")
    return (
        select(Event, JournalEntry.number, sealed)
        .outerjoin(JournalEntry, entry)
        .where(Event.account_id == work.account_id, audited)
    )


def _narrowed(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    said: list[ColumnElement[bool]] = []
    if wanted.kinds is not None:
        said.append(Event.kind.in_(stored_kinds(wanted.kinds & AUDITED)))
    if wanted.actor_id is not None:
        said.append(Event.actor_id == wanted.actor_id)
    if wanted.object_id is not None:
        said.append(Event.object_id == wanted.object_id)
    if wanted.pipeline_id is not None:
        said.append(or_(Event.pipeline_from == wanted.pipeline_id, Event.pipeline_to == wanted.pipeline_id))
    if wanted.since is not None:
        said.append(Event.at >= wanted.since)
    if wanted.until is not None:
        said.append(Event.at < wanted.until)
    return said


def _entry(event: Event, number: int | None, sealed: int | None) -> AuditEntry:
    return AuditEntry(event, number, number is not None and sealed is not None and number <= sealed)
