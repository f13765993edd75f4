"""Verifying the audit chain: everything is computed anew from the rows, and compared with seals and signed heads (B18).

What was changed is found batch by batch: a seal says that something between its first and last event is not as it was.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, cast, func, select

from domain.audit.chain import beginning, commitment, following
from domain.audit.heads import Head, judge_heads, judge_kept
from domain.audit.seal import AuditSeal, Signer
from domain.audit.trouble import Finding, Trouble
from domain.authorization import require
from domain.events.event import Event, JournalEntry, JournalHead, Outbox
from domain.unit_of_work import UnitOfWork
from policies import Permission

Entry = Any  # a row of _ENTRY

_PAGE = 1000
_BEHIND_THE_TIME = 80  # bits of a UUIDv7 that follow its milliseconds

_NAMED = (JournalEntry.number, Event.id, Event.salt, Event.commitment)
_SAID = (
    cast(JournalEntry.number, Text),
    cast(Event.id, Text),
    cast(func.trunc(func.extract("epoch", Event.at) * 1_000_000), Text),
    Event.kind,
    Event.actor_kind,
    cast(Event.actor_id, Text),
    Event.object_kind,
    cast(Event.object_id, Text),
    cast(Event.pipeline_from, Text),
    cast(Event.pipeline_to, Text),
)
_PERSONAL = (Event.address, cast(Event.before, Text), cast(Event.after, Text))
_AFTER_SAID = len(_NAMED) + len(_SAID)
# By names of their own, since several of them are one column, once as it is and once as text.
_ENTRY = (*_NAMED, *[part.label(f"part_{place}") for place, part in enumerate((*_SAID, *_PERSONAL))])


@dataclass
class Verified:
    """What verifying an account came to: findings, none where all is well, and what it looked at.

    `erased` events hold a commitment in the place of what they said; `unknown_keys` signed heads and are not ours.
    """

    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    erased: int = 0
    waiting: int = 0
    oldest_waiting: datetime | None = None
    unknown_keys: set[str] = field(default_factory=set)

    def add(self, trouble: Trouble, number: int, last: int | None = None) -> None:
        """Add a finding."""
        self.findings.append(Finding(trouble, number, last))

    def wait(self, count: int, since: datetime | None) -> None:
        """Add events that are not sealed yet."""
        self.waiting += count
        self.oldest_waiting = min((each for each in (self.oldest_waiting, since) if each), default=None)


async def verify_audit(
    work: UnitOfWork, signer: Signer, *, kept: Sequence[Head] = (), longest: timedelta | None = None
) -> Verified:
    """Everything that is not as it should be with the account's audit chain.

    `kept` are heads that were handed out and kept elsewhere; without them a chain that lost its end looks whole.
    `longest` is how long an event may wait to be sealed. Declines NOT_PERMITTED.
    """
    require(work.actor, Permission.AUDIT_VIEW)
    found = Verified()
    await _follow(work, found)
    await _look_past_the_journal(work, found)
    found.findings += await judge_heads(work, signer, found.unknown_keys)
    found.findings += await judge_kept(work, kept, signer)
    if longest is not None and found.oldest_waiting is not None:
        waited = (await work.session.execute(select(func.now()))).scalar_one() - found.oldest_waiting
        if waited > longest:
            found.add(Trouble.WAITING, int(waited.total_seconds()))
    return found


async def _follow(work: UnitOfWork, found: Verified) -> None:
    """Follow the chain through each seal; after one that is broken, go on from what it says."""
    entries = _entries(work)
    entry = await anext(entries, None)
    digest: bytes | None = beginning(work.account_id)
    place = 0
    async for first, last, sealed in _seals(work):
        inside: list[Entry] = []
        while entry is not None and entry.number <= last:
            if entry.number >= first:
                inside.append(entry)
            entry = await anext(entries, None)
        if first != place + 1:
            found.add(Trouble.SEAL_MISSING, place + 1, first - 1)
            digest = None
        if _is_complete(inside, first, last, found):
            for each in inside:
                digest = digest and following(digest, each[len(_NAMED) : _AFTER_SAID], _committed(each, found))
            if digest is not None and digest != sealed:
                found.add(Trouble.CHANGED, first, last)
        digest, place = sealed, last
    while entry is not None:
        place = _look_at_unsealed(entry, place, found)
        entry = await anext(entries, None)
    await _compare_with_head(work, place, found)


def _is_complete(inside: Sequence[Entry], first: int, last: int, found: Verified) -> bool:
    """Whether a batch has each of its numbers, and each number its event."""
    found.events += len(inside)
    missing = sorted(set(range(first, last + 1)) - {entry.number for entry in inside})
    for number in missing:
        found.add(Trouble.NUMBER_MISSING, number)
    deleted = [entry.number for entry in inside if entry.id is None]
    for number in deleted:
        found.add(Trouble.EVENT_MISSING, number)
    return not missing and not deleted


def _committed(entry: Entry, found: Verified) -> bytes:
    """The commitment of an event: of what it shows, or what was kept when that was erased."""
    personal, kept = entry[_AFTER_SAID:], entry.commitment
    if kept is None:
        return commitment(entry.salt, personal)
    if all(value is None for value in personal):
        found.erased += 1
    elif commitment(entry.salt, personal) != kept:
        found.add(Trouble.FORGED, entry.number)
    return bytes(kept)


def _look_at_unsealed(entry: Entry, place: int, found: Verified) -> int:
    found.events += 1
    for number in range(place + 1, min(entry.number, place + 1 + _PAGE)):
        found.add(Trouble.NUMBER_MISSING, number)
    if entry.id is None:
        found.add(Trouble.EVENT_MISSING, entry.number)
    else:
        found.wait(1, _made_at(entry.id))
    return int(entry.number)


async def _compare_with_head(work: UnitOfWork, place: int, found: Verified) -> None:
    head = select(JournalHead.last_number).where(JournalHead.account_id == work.account_id)
    given = (await work.session.execute(head)).scalar_one_or_none() or 0
    if given > place:
        found.add(Trouble.JOURNAL_CUT, given)


async def _look_past_the_journal(work: UnitOfWork, found: Verified) -> None:
    """Events without a number wait for one in the outbox, or were put in by somebody else."""
    waits = and_(Outbox.account_id == Event.account_id, Outbox.event_id == Event.id)
    entry = and_(JournalEntry.account_id == Event.account_id, JournalEntry.event_id == Event.id)
    statement = (
        select(func.count(Event.id).filter(Outbox.event_id.is_(None)), func.count(Outbox.event_id), func.min(Outbox.at))
        .select_from(Event)
        .outerjoin(JournalEntry, entry)
        .outerjoin(Outbox, waits)
        .where(Event.account_id == work.account_id, JournalEntry.event_id.is_(None))
    )
    strange, waiting, since = (await work.session.execute(statement)).one()
    found.wait(waiting, since)
    if strange:
        found.add(Trouble.NOT_IN_JOURNAL, strange)


async def _seals(work: UnitOfWork) -> AsyncIterator[tuple[int, int, bytes]]:
    """First and last number and digest of every seal, in order."""
    statement = select(AuditSeal.first_number, AuditSeal.last_number, AuditSeal.digest)
    statement = statement.where(AuditSeal.account_id == work.account_id).order_by(AuditSeal.last_number).limit(_PAGE)
    after = 0
    while rows := (await work.session.execute(statement.where(AuditSeal.last_number > after))).all():
        for first, last, digest in rows:
            yield first, last, digest
        after = rows[-1].last_number


async def _entries(work: UnitOfWork) -> AsyncIterator[Entry]:
    """Every number of the journal with its event, in order."""
    event = and_(Event.account_id == JournalEntry.account_id, Event.id == JournalEntry.event_id)
    statement = select(*_ENTRY).select_from(JournalEntry).outerjoin(Event, event)
    statement = statement.where(JournalEntry.account_id == work.account_id).order_by(JournalEntry.number).limit(_PAGE)
    after = 0
    while rows := (await work.session.execute(statement.where(JournalEntry.number > after))).all():
        for row in rows:
            yield row
        after = rows[-1].number


def _made_at(event_id: UUID) -> datetime:
    """When the event was recorded, as its id tells: those of imported history are as old as the history."""
    return datetime.fromtimestamp((event_id.int >> _BEHIND_THE_TIME) / 1000, UTC)
