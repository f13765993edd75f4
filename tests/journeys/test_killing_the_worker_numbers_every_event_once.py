"""The worker is killed ten times in the midst of numbering ten thousand events, while clients write more of them: each
gets one number, and whoever reads by cursor meanwhile sees each once, in an order to be trusted.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from random import Random

import asyncpg
import pytest

from tests.journeys.boards import default_stages
from tests.journeys.people import AMY, BEN, Hall
from tests.journeys.reader import Reader, went_back
from tests.journeys.writers import Writer, acknowledged, writing
from tests.support.client import Client
from tests.support.invariants import assert_sound
from tests.support.site import Process, Site, site, until

KILLS, EVENTS, TICKETS, WRITERS = 10, 10_000, 2_200, 4

LAST = "SELECT coalesce(max(number), 0) FROM journal_entry"
IN_THE_MIDST = """
SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'journal_entry'::regclass AND mode = 'RowExclusiveLock')"""
IDS = "SELECT id FROM event"
ALL_DONE = "SELECT NOT EXISTS (SELECT FROM outbox)"


@pytest.fixture(scope="module")
def demo() -> Iterator[Site]:
    """A server that leaves the work to a worker of its own, and much that waits for one."""
    with site("--no-worker") as running:
        running.command("demo", "--tickets", str(TICKETS))
        yield running


@pytest.fixture
async def connections(demo: Site) -> AsyncIterator[list[asyncpg.Connection]]:
    """One to read the journal and one to ask how things stand."""
    opened = [await demo.connect() for _ in range(2)]
    yield opened
    for each in opened:
        await each.close()


async def until_true(connection: asyncpg.Connection, question: str, *arguments: object) -> None:
    """Return as soon as the database says yes."""

    async def ask() -> bool:
        return bool(await connection.fetchval(question, *arguments))

    await until(ask)


async def kill_in_the_midst(connection: asyncpg.Connection, worker: Process) -> bool:
    """Kill a worker that has numbered something and is numbering more; whether it lost what it was at."""
    await until_true(connection, f"SELECT ({LAST}) > $1", await connection.fetchval(LAST))
    before = await connection.fetchval(LAST)
    await until_true(connection, IN_THE_MIDST)
    worker.end(signal.SIGKILL)
    return bool(await connection.fetchval(LAST) == before)


async def test_killing_the_worker_numbers_every_event_once(
    hall: Hall, connections: list[asyncpg.Connection], record_property: Callable[[str, object], None]
) -> None:
    people = [await hall.sign_in(email) for email in (AMY, BEN)]
    stages = await default_stages(people[0])
    clients = [Client((await hall.nobody()).http, people[each % 2].token) for each in range(WRITERS)]
    writers = [Writer(hall.site, client, f"Writer {each}", stages, Random(each)) for each, client in enumerate(clients)]
    reader, connection = Reader(connections[0]), connections[1]
    numbered_by_nobody = await connection.fetchval(LAST)

    lost = 0
    async with reader.following():
        async with writing(writers):
            for _ in range(KILLS):
                lost += await kill_in_the_midst(connection, hall.site.run("worker"))
        worker = hall.site.run("worker")
        await until_true(connection, ALL_DONE)
        status = await asyncio.to_thread(worker.end, signal.SIGTERM)

    ids = {row["id"] for row in await connection.fetch(IDS)}
    await assert_sound(connection)
    record_property("events", f"{len(ids)}, of which {acknowledged(writers)} writes were acknowledged meanwhile")
    record_property("kills that undid a batch", f"{lost} of {KILLS}")
    assert numbered_by_nobody == 0
    assert status == 0
    assert len(ids) >= EVENTS
    assert [event["number"] for event in reader.seen] == list(range(1, len(ids) + 1))
    assert {event["id"] for event in reader.seen} == ids
    assert went_back(reader.seen) == []
    assert worker.complaints == hall.site.server.complaints == []
    assert hall.site.alarms == []
