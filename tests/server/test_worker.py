"""The worker: it numbers what waits, sweeps what is over, holds nothing while idle, and outlasts an outage."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from structlog.testing import capture_logs

from domain import accounts
from domain.accounts import AttemptLimit
from domain.accounts.user import Throttle
from domain.events.event import Event, JournalEntry, Outbox
from domain.idempotency import IdempotentRequest, Replay, begin_request
from domain.unit_of_work import unbound
from policies import Role
from server.auth.audit_key import AuditKey
from server.database.embedded import Cluster
from server.database.engine import Database
from server.jobs import supervise, worker
from server.jobs.sweep import sweep
from server.runtime import Opened
from server.settings import Databases, Settings
from tests.support import actions, db_state
from tests.support import cluster as support
from tests.support.world import World, make_world

_PATIENCE = 20.0
KEY = "tests only: thirty-two bytes or more"
QUICK = Settings(worker_poll_seconds=0.02, secret_key=SecretStr(KEY))


@pytest.fixture
async def addresses(cluster: Cluster) -> AsyncIterator[Databases]:
    """A database of the test's own: the worker works for all accounts."""
    name = f"worker_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    async with support.fresh_database(cluster, name) as made:
        yield made


@pytest.fixture
async def database(addresses: Databases) -> AsyncIterator[Database]:
    """It, as the role that serves."""
    opened = Database(addresses, QUICK)
    yield opened
    await opened.close()


@pytest.fixture
async def world(database: Database) -> World:
    """An account in it."""
    return await make_world(database.sessions)


@asynccontextmanager
async def at_work(addresses: Databases, database: Database) -> AsyncIterator[asyncio.Event]:
    """A worker with its care, for the length of the block; it must end when it is asked to."""
    stop = asyncio.Event()
    opened = Opened(QUICK, addresses, database, None, "")
    task = asyncio.create_task(supervise.supervise(opened, stop))
    yield stop
    stop.set()
    async with asyncio.timeout(_PATIENCE):
        await task


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Return as soon as it is so."""
    for _ in range(2000):
        if await look():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass")


async def gone(world: World, kind: type[Outbox] | type[Replay]) -> bool:
    """Whether the account has none of them left."""
    return not await db_state.rows(world, select(kind).where(kind.account_id == world.account_id))


async def until_numbered(world: World) -> list[int]:
    """The numbers of all events, oldest first, once each of them has one."""
    await until(lambda: gone(world, Outbox))
    entries = await db_state.rows(world, select(JournalEntry).order_by(JournalEntry.number))
    assert len(entries) == len(await db_state.rows(world, select(Event)))
    return [entry.number for entry in entries]


async def test_it_numbers_what_waits_and_what_comes(addresses: Databases, database: Database, world: World) -> None:
    async with at_work(addresses, database):
        before = await until_numbered(world)
        await actions.open_ticket(world)
        after = await until_numbered(world)

    assert before == list(range(1, len(before) + 1))
    assert after == list(range(1, len(before) + 2))


async def test_it_works_for_every_account(addresses: Databases, database: Database, world: World) -> None:
    other = await make_world(database.sessions)

    async with at_work(addresses, database):
        numbers = [await until_numbered(each) for each in (world, other)]

    assert [each[0] for each in numbers] == [1, 1]


async def test_while_idle_it_holds_no_connection(addresses: Databases, database: Database, world: World) -> None:
    held: list[int] = []
    async with at_work(addresses, database):
        await until_numbered(world)
        for _ in range(100):
            await asyncio.sleep(0.005)
            held.append(database.engine.pool.checkedout())  # type: ignore[attr-defined]

    assert held.count(0) > len(held) / 2


async def test_it_sweeps_what_is_over_and_nothing_else(database: Database, world: World) -> None:
    window = timedelta(minutes=15)
    async with unbound(database.sessions) as session:
        await accounts.count_attempts(session, [AttemptLimit("now", 5)], window)
        session.add(Throttle(key="then", window_start=text("now() - interval '16 minutes'"), attempts=1))
    for key in ("now", "then"):
        async with world.acting(Role.AGENT) as work:
            await begin_request(work, IdempotentRequest("moveTicket", "input", key))
    await db_state.execute(world, "UPDATE replay SET at = now() - interval '25 hours' WHERE key = 'then'")

    await sweep(database.sessions, window, asyncio.Event())

    async with unbound(database.sessions) as session:
        assert list((await session.execute(select(Throttle.key))).scalars()) == ["now"]
    assert [replay.key for replay in await db_state.rows(world, select(Replay))] == ["now"]


async def test_it_sweeps_when_it_starts(addresses: Databases, database: Database, world: World) -> None:
    async with world.acting(Role.AGENT) as work:
        await begin_request(work, IdempotentRequest("moveTicket", "input", "then"))
    await db_state.execute(world, "UPDATE replay SET at = now() - interval '25 hours'")

    async with at_work(addresses, database):
        await until(lambda: gone(world, Replay))


async def test_it_outlasts_a_database_that_is_away_and_says_so(
    addresses: Databases, database: Database, world: World, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "_FIRST_PAUSE", 0.05)
    name = addresses.serving.split("@/")[1].split("?")[0]
    end_all = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 (ours)

    async def said_twice() -> bool:
        return len(logged) >= 2

    with capture_logs() as logged:
        async with at_work(addresses, database):
            await until_numbered(world)
            await support.as_superuser(cluster, f"ALTER DATABASE {name} CONNECTION LIMIT 0")
            await support.as_superuser(cluster, end_all)
            await until(said_twice)
            await support.as_superuser(cluster, f"ALTER DATABASE {name} CONNECTION LIMIT -1")
            await actions.open_ticket(world)
            numbers = await until_numbered(world)

    assert numbers == list(range(1, len(numbers) + 1))
    assert {line["event"] for line in logged} == {"the worker waits for the database"}, logged
    assert [line["seconds"] for line in logged][:2] == [0.05, 0.1]
    assert all(line["reason"] for line in logged)


async def test_it_stops_at_once_though_it_was_to_wait_long(addresses: Databases, database: Database) -> None:
    slow = Settings(worker_poll_seconds=3600)
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(database, slow, stop, AuditKey(KEY.encode())))
    await asyncio.sleep(0.2)

    stop.set()

    async with asyncio.timeout(5):
        await task
