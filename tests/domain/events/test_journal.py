"""The journal: every event numbered once, without a gap, in an order that a reader by cursor can trust (B30, law 3,
settled choice 10).
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text

from domain.database.model import new_id
from domain.events import journal
from domain.events.event import Event, EventKind, JournalEntry, Outbox
from domain.reference import BOTTOM
from domain.unit_of_work import Imported
from policies import Role
from server.database.engine import Database
from tests.support import actions, concurrency, db_state
from tests.support.tenancy import enter
from tests.support.world import World, make_world


async def entries(world: World, after: int = 0) -> list[tuple[int, Event]]:
    """What a reader who has read up to a number is given."""
    statement = (
        select(JournalEntry.number, Event)
        .join(Event, (Event.account_id == JournalEntry.account_id) & (Event.id == JournalEntry.event_id))
        .where(JournalEntry.account_id == world.account_id, JournalEntry.number > after)
        .order_by(JournalEntry.number)
    )
    async with world.looking(Role.OPERATOR) as work:
        return [(number, event) for number, event in await work.session.execute(statement)]


async def waiting(world: World) -> int:
    async with world.looking(Role.OPERATOR) as work:
        return len((await work.session.execute(select(Outbox).where(Outbox.account_id == world.account_id))).all())


async def relay(world: World, batch: int = journal.BATCH) -> int:
    """Number until nothing waits."""
    done = 0
    while given := await journal.number_events(world.sessions, world.account_id, batch):
        done += given
    return done


def assert_complete(numbered: Sequence[tuple[int, Event]], happened: Sequence[Event]) -> None:
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    assert sorted(event.id for _, event in numbered) == sorted(event.id for event in happened)


def assert_causal(numbered: Sequence[tuple[int, Event]]) -> None:
    """Each move of a ticket begins where the one before it ended, and nothing comes before the ticket's creation."""
    by_object: dict[UUID, list[Event]] = {}
    for _, event in numbered:
        by_object.setdefault(event.object_id, []).append(event)
    for happened in by_object.values():
        if happened[0].object_kind == "ticket":
            assert happened[0].kind == EventKind.TICKET_CREATED
            moves = [event for event in happened if event.kind == EventKind.TICKET_MOVED]
            for earlier, later in pairwise(moves):
                assert earlier.after == later.before


async def test_an_event_waits_in_the_outbox_until_it_has_its_number(world: World) -> None:
    happened = await db_state.events(world)
    assert (await waiting(world), await entries(world)) == (len(happened), [])

    given = await journal.number_events(world.sessions, world.account_id)

    assert (given, await waiting(world)) == (len(happened), 0)
    assert_complete(await entries(world), happened)
    assert await journal.number_events(world.sessions, world.account_id) == 0


async def test_numbers_go_on_where_they_stopped_and_leave_no_gap_between_batches(world: World) -> None:
    await relay(world, batch=3)
    for _ in range(5):
        await actions.open_ticket(world)
    await relay(world, batch=2)

    assert_complete(await entries(world), await db_state.events(world))


async def test_the_events_of_one_unit_are_numbered_in_the_order_they_were_recorded(world: World) -> None:
    await relay(world)
    before = len(await entries(world))
    ticket = await actions.open_ticket(world)

    await actions.close(world, ticket)
    await relay(world)

    assert [event.kind for _, event in await entries(world, before)] == [
        "TICKET_CREATED",
        "TICKET_MOVED",
        "TICKET_CLOSED",
    ]


async def test_a_unit_that_is_rolled_back_leaves_nothing_to_number(world: World) -> None:
    await relay(world)

    async def fail() -> None:
        async with world.acting(Role.AGENT) as work:
            work.record(EventKind.TICKET_CREATED, "ticket", new_id())
            await work.write_events()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert await waiting(world) == 0


async def test_accounts_with_waiting_events_are_found_and_no_others(world: World, database: Database) -> None:
    others = [await make_world(database.sessions) for _ in range(3)]
    await relay(others[0])

    found = await journal.accounts_waiting(world.sessions)

    assert len(found) == len(set(found))
    assert {world.account_id, others[1].account_id, others[2].account_id} <= set(found)
    assert others[0].account_id not in found


async def test_one_round_numbers_every_account_apart(world: World, database: Database) -> None:
    while await journal.number_all(world.sessions):  # what other tests left is more than one round may be
        pass
    fresh = [await make_world(database.sessions) for _ in range(2)]

    await journal.number_all(world.sessions)

    for each in fresh:
        assert_complete(await entries(each), await db_state.events(each))
    assert await journal.number_all(world.sessions) == 0


async def test_imported_history_is_numbered_when_it_arrives_and_keeps_its_own_times(world: World) -> None:
    await relay(world)
    before, long_ago, by = len(await entries(world)), datetime(2020, 1, 1, tzinfo=UTC), new_id()

    async with world.acting(Role.OPERATOR) as work:
        work.record(EventKind.TICKET_CREATED, "ticket", new_id(), imported=Imported(long_ago, by))
    await relay(world)

    [(number, event)] = await entries(world, before)
    assert number == before + 1
    assert (event.at, event.actor_kind, event.actor_id) == (long_ago, "IMPORTED", by)


async def test_relays_at_once_give_each_event_one_number(world: World) -> None:
    await actions.open_tickets(world, *[f"Ticket {number}" for number in range(12)])

    outcomes = await concurrency.together(*[relay(world, batch=2) for _ in range(4)])

    assert sum(outcomes) == len(await db_state.events(world))
    assert_complete(await entries(world), await db_state.events(world))


async def test_a_relay_that_dies_half_way_leaves_all_of_its_batch_to_the_next(world: World) -> None:
    ticket = await actions.open_ticket(world)
    happened = await db_state.events(world)
    last = next(event for event in happened if event.object_id == ticket)

    async with world.sessions() as holder:
        await enter(holder, world.account_id)
        await holder.execute(delete(Outbox).where(Outbox.event_id == last.id))
        dying = concurrency.start(journal.number_events(world.sessions, world.account_id))
        await concurrency.until_waiting(world)  # it has given the numbers and waits to empty the outbox
        await holder.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )
        [outcome] = await asyncio.gather(dying, return_exceptions=True)
        await holder.rollback()

    assert isinstance(outcome, Exception)
    assert (await entries(world), await waiting(world)) == ([], len(happened))
    await relay(world)
    assert_complete(await entries(world), happened)


async def test_what_rests_on_another_event_comes_after_it_however_units_and_relays_meet(world: World) -> None:
    cards = await actions.open_tickets(world, *"abcd")
    stages = ("waiting_on_us", "new", "waiting_on_contact", "closed")

    await concurrency.together(
        *[actions.move(world, card, stage, place=BOTTOM) for stage in stages for card in cards],
        *[relay(world, batch=3) for _ in range(3)],
    )
    await relay(world)

    numbered = await entries(world)
    assert_complete(numbered, await db_state.events(world))
    assert_causal(numbered)


async def test_a_reader_by_cursor_misses_nothing_while_others_write_and_number(world: World) -> None:
    read: list[tuple[int, Event]] = []
    over = asyncio.Event()

    async def follow() -> None:
        while not over.is_set():
            read.extend(await entries(world, read[-1][0] if read else 0))

    async def number() -> None:
        while not over.is_set():
            await journal.number_events(world.sessions, world.account_id, 2)

    following = [concurrency.start(follow()), concurrency.start(number()), concurrency.start(number())]
    await concurrency.together(*[actions.open_ticket(world, f"Ticket {each}") for each in range(16)])
    await relay(world)
    over.set()
    await asyncio.gather(*following)
    read.extend(await entries(world, read[-1][0] if read else 0))

    assert_complete(read, await db_state.events(world))
