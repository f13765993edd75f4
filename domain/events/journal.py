"""The journal: every committed event gets the next number of its account, once and without a gap (law 3, B30).

Numbers are given after commit by one relay per account at a time: it holds the account's journal head, so entries
become visible in the order of their numbers, and a reader who asks for those after N never misses one. Events are taken
in the order of their times, which verbs read from the database's clock while they hold the locks of what they change:
an event that rests on another therefore comes after it.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, delete, exists, select
from sqlalchemy.dialects.postgresql import ARRAY

from domain.database.bulk_insert import load
from domain.database.transaction import Session, Sessions, transaction
from domain.events.event import REVOKES_ACCESS, Event, JournalEntry, JournalHead, Outbox
from domain.events.kind_renames import stored_kinds
from domain.unit_of_work import unbound

BATCH = 1000

# What is done about events in the very transaction that gives them their numbers.
Afterwards = Callable[[Session, UUID], Awaitable[None]]


async def accounts_waiting(sessions: Sessions) -> list[UUID]:
    """The accounts that have events without a number, from one to the next, however many events wait in each."""
    first = select(Outbox.account_id).order_by(Outbox.account_id).limit(1)
    found = select(first.scalar_subquery().label("id")).cte("found", recursive=True)
    following = first.where(Outbox.account_id > found.c.id).correlate(found).scalar_subquery()
    found = found.union_all(select(following).where(found.c.id.is_not(None)))
    async with unbound(sessions) as session:
        return list((await session.execute(select(found.c.id).where(found.c.id.is_not(None)))).scalars())


async def number_events(
    sessions: Sessions,
    account_id: UUID,
    batch: int = BATCH,
    *,
    narrowed: set[UUID] | None = None,
    afterwards: Afterwards | None = None,
) -> int:
    """Number the account's waiting events, oldest first, in one transaction; returns how many there were.

    Killed at any moment it leaves either all of the batch numbered and out of the outbox, or none; `afterwards` is one
    with it. The account is added to `narrowed` where somebody may see or do less after what was numbered (B19).
    """
    async with transaction(sessions, account_id) as session:
        head = select(JournalHead).where(JournalHead.account_id == account_id).with_for_update()
        last = (await session.execute(head)).scalar_one()
        # Read after the head is held: what another relay numbered meanwhile has left the outbox.
        mine = Outbox.account_id == account_id
        oldest = select(Outbox.at, Outbox.event_id).where(mine).order_by(Outbox.at, Outbox.event_id).limit(batch)
        waiting = (await session.execute(oldest)).all()
        if not waiting:
            return 0
        entries = [
            {"account_id": account_id, "number": number, "event_id": event}
            for number, (_, event) in enumerate(waiting, start=last.last_number + 1)
        ]
        await load(session, JournalEntry, entries)
        ids = bindparam("numbered", [event for _, event in waiting], ARRAY(Uuid))
        numbered = Outbox.event_id == any_(ids)
        await session.execute(delete(Outbox).where(mine, Outbox.at.between(waiting[0][0], waiting[-1][0]), numbered))
        last.last_number += len(waiting)
        less = Event.kind.in_(stored_kinds(REVOKES_ACCESS))
        narrows = exists().where(Event.account_id == account_id, Event.id == any_(ids), less)
        narrowing = narrowed is not None and (await session.execute(select(narrows))).scalar_one()
        if afterwards is not None:
            await session.flush()
            await afterwards(session, account_id)
    if narrowed is not None and narrowing:
        narrowed.add(account_id)
    return len(waiting)


async def number_all(
    sessions: Sessions, narrowed: set[UUID] | None = None, *, afterwards: Afterwards | None = None
) -> int:
    """One round over all accounts with waiting events; returns how many events got a number."""
    waiting = await accounts_waiting(sessions)
    return sum(
        [await number_events(sessions, account, narrowed=narrowed, afterwards=afterwards) for account in waiting]
    )
