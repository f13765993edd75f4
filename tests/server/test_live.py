"""What goes on for longer than a request ends in every process when its viewer loses access (B19)."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import text

from domain import accounts
from domain.access import AccessMode, Grantee
from domain.errors import Refusal, Unauthenticated
from domain.pipelines import Pipeline, find_pipeline
from domain.reference import Ref
from domain.unit_of_work import reading
from policies import Level, Role
from server.auth import revocation
from server.auth.audit_key import AuditKey
from server.auth.revocation import Watch, Watches
from server.database.embedded import Cluster
from server.database.engine import Database
from server.jobs import worker
from server.settings import Databases, Settings
from tests.support import actions, db_state
from tests.support import cluster as support
from tests.support.client import SECRET, token_of
from tests.support.world import World, make_world

_PATIENCE = 10.0
_NEVER = 3600.0
QUICK = Settings(worker_poll_seconds=0.02)


@pytest.fixture
async def addresses(cluster: Cluster) -> AsyncIterator[Databases]:
    """A database of the test's own, since notices are heard throughout one."""
    async with support.fresh_database(cluster, name_of_the_database()) as made:
        yield made


def name_of_the_database() -> str:
    """It is this process's own."""
    return f"live_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture
async def processes(addresses: Databases) -> AsyncIterator[list[Database]]:
    """Two serving processes as far as the database can tell: a pool and a connection that listens, for each."""
    opened = [Database(addresses, QUICK, name=f"process {number}") for number in (1, 2)]
    yield opened
    for each in opened:
        await each.close()


@pytest.fixture
async def world(processes: list[Database]) -> World:
    """An account in it."""
    return await make_world(processes[0].sessions)


@asynccontextmanager
async def a_worker(database: Database) -> AsyncIterator[None]:
    """A worker, for the length of the block."""
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(database, QUICK, stop, AuditKey(SECRET)))
    yield
    stop.set()
    async with asyncio.timeout(_PATIENCE):
        await task


def sees(database: Database, token: str, pipeline: UUID) -> Callable[[], Awaitable[bool]]:
    """Whether whoever has the token still sees a pipeline, judged as a request would be."""
    bearer = accounts.read_token(token)

    async def judge() -> bool:
        admit = accounts.session(bearer.account_id, bearer.secret_hash)
        try:
            async with reading(database.sessions, bearer.account_id, admit) as work:
                await find_pipeline(work, Ref(id=pipeline))
        except (Refusal, Unauthenticated):
            return False
        return True

    return judge


class Counted:
    """A judgement that always says yes, and how often it was asked for."""

    def __init__(self, *, allowed: bool = True) -> None:
        self.asked = 0
        self.allowed = allowed

    async def often(self, times: int) -> bool:
        """Whether it was asked for so often."""
        return self.asked >= times

    async def __call__(self) -> bool:
        self.asked += 1
        return self.allowed


async def closed(*watches: Watch) -> None:
    """Return once all of them are to close."""
    async with asyncio.timeout(_PATIENCE):
        await asyncio.gather(*[watch.closing.wait() for watch in watches])


async def listeners(database: Database) -> int:
    """How many connections of the test's database wait for notices."""
    ask = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    async with database.engine.connect() as connection:
        return int((await connection.execute(text(ask))).scalar_one())


async def until(so: Callable[[], Awaitable[bool]]) -> None:
    """Return as soon as it is so."""
    for _ in range(1000):
        if await so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass")


async def until_listening(database: Database, many: int) -> None:
    """Return once so many listen, and have looked for what they missed."""

    async def listen() -> bool:
        return await listeners(database) == many

    await until(listen)
    await asyncio.sleep(0.2)


@asynccontextmanager
async def watched(
    processes: list[Database], world: World, *, seconds: float = _NEVER, listening: int = 2
) -> AsyncIterator[tuple[list[Watch], Pipeline]]:
    """A watch in each process on whether somebody with a token sees a pipeline, and all of them listening."""
    pipeline, token = await world.add_pipeline(), await token_of(world, Role.AGENT)
    async with AsyncExitStack() as stack:
        watches = [
            await stack.enter_async_context(
                Watches(each, check_seconds=seconds).watch(world.account_id, sees(each, token, pipeline.id))
            )
            for each in processes
        ]
        await until_listening(processes[0], listening)
        yield watches, pipeline


async def hide(world: World, pipeline: Pipeline) -> None:
    """Make a pipeline private, by the verb."""
    await actions.set_access(world, pipeline, AccessMode.PRIVATE)


async def test_what_is_taken_away_closes_in_every_process(processes: list[Database], world: World) -> None:
    async with a_worker(processes[0]), watched(processes, world) as (watches, pipeline):
        await hide(world, pipeline)

        await closed(*watches)


async def test_a_session_that_is_revoked_closes_in_every_process(processes: list[Database], world: World) -> None:
    async with a_worker(processes[0]), watched(processes, world) as (watches, _):
        async with world.acting(Role.SUPER_ADMIN) as work:
            await accounts.end_user_sessions(work, world.users[Role.AGENT].id)

        await closed(*watches)


async def test_a_change_that_takes_nothing_from_the_viewer_closes_nothing(
    processes: list[Database], world: World
) -> None:
    judged, watches_of_all = Counted(), Watches(processes[0], check_seconds=_NEVER)
    async with (
        a_worker(processes[0]),
        watches_of_all.watch(world.account_id, judged) as unconcerned,
        watched(processes, world, listening=3) as (watches, pipeline),
    ):
        await hide(world, await world.add_pipeline(label="Another"))
        await asyncio.sleep(0.1)
        open_until_then = [not watch.closing.is_set() for watch in watches]
        before = judged.asked
        await hide(world, pipeline)
        await closed(*watches)
        await until(partial(judged.often, before + 1))

        assert not unconcerned.closing.is_set()
    assert open_until_then == [True, True]


async def test_other_accounts_and_changes_that_narrow_nothing_ask_nobody(
    processes: list[Database], world: World
) -> None:
    other = await make_world(processes[0].sessions)
    judged = Counted()
    async with (
        a_worker(processes[0]),
        Watches(processes[0], check_seconds=_NEVER).watch(other.account_id, judged),
        watched(processes, world, listening=3) as (watches, pipeline),
    ):
        before = judged.asked
        await actions.open_ticket(other)
        await hide(world, pipeline)
        await closed(*watches)
        await asyncio.sleep(0.1)

    assert judged.asked == before


async def test_a_connection_that_is_killed_comes_back_and_what_was_missed_is_found(
    processes: list[Database], world: World, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocation, "_FIRST_PAUSE", 0.05)
    ours = f"datname = '{name_of_the_database()}' AND query LIKE 'LISTEN%'"
    kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}"  # noqa: S608 (ours)

    async with watched(processes, world) as (watches, pipeline):
        await hide(world, pipeline)  # nobody tells of it: there is no worker
        await asyncio.sleep(0.1)
        open_until_now = [not watch.closing.is_set() for watch in watches]
        await support.as_superuser(cluster, kill)
        await closed(*watches)

        await until_listening(processes[0], 2)
    assert open_until_now == [True, True]


async def test_a_grant_that_ends_by_time_closes_at_the_next_look(processes: list[Database], world: World) -> None:
    async with watched(processes, world, seconds=0.2) as (watches, pipeline):
        grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
        await actions.set_access(world, pipeline, AccessMode.RESTRICTED, grant)
        await asyncio.sleep(0.5)
        open_until_then = [not watch.closing.is_set() for watch in watches]
        await db_state.execute(world, "UPDATE pipeline_grant SET until = now()")

        await closed(*watches)
    assert open_until_then == [True, True]


async def test_access_that_was_lost_before_the_watch_began_is_noticed(processes: list[Database], world: World) -> None:
    async with Watches(processes[0], check_seconds=_NEVER).watch(world.account_id, Counted(allowed=False)) as watch:
        await closed(watch)


async def test_while_there_are_no_watches_nothing_runs(processes: list[Database], world: World) -> None:
    watches, tasks = Watches(processes[0], check_seconds=0.01), len(asyncio.all_tasks())
    for _ in range(2):
        async with watches.watch(world.account_id, Counted()):
            async with watches.watch(world.account_id, Counted()):
                await until_listening(processes[1], 1)
            assert await listeners(processes[1]) == 1
        await until_listening(processes[1], 0)

    assert len(asyncio.all_tasks()) == tasks


async def test_what_cannot_be_judged_closes_but_not_while_the_database_is_away(
    processes: list[Database], world: World
) -> None:
    asked = Counted()

    async def away() -> bool:
        await asked()
        raise ConnectionResetError

    async def broken() -> bool:
        raise ZeroDivisionError

    watches = Watches(processes[0], check_seconds=0.02)
    async with watches.watch(world.account_id, away) as waiting, watches.watch(world.account_id, broken) as closing:
        await closed(closing)
        await until(partial(asked.often, 3))

        assert not waiting.closing.is_set()
