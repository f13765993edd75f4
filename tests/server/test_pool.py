"""The pool of connections: an idle one is lent at once if it is alive, and nobody is lent a dead one."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import func, select

from domain.database.transaction import Session, transaction
from server.database.engine import Database, lost
from server.database.pool import BoundedPool, NoConnectionFree
from server.settings import Databases, Settings
from tests.support.site import until


@pytest.fixture
async def small(databases: Databases) -> AsyncIterator[Database]:
    """A database with a pool of one connection."""
    opened = Database(databases, Settings(pool_size=1))
    yield opened
    await opened.close()


def pool_of(database: Database) -> BoundedPool:
    """Its pool."""
    pool = database.engine.sync_engine.pool
    assert isinstance(pool, BoundedPool)
    return pool


async def backend(database: Database) -> int:
    """The process of PostgreSQL that serves a transaction."""
    async with transaction(database.sessions, uuid4()) as session:
        pid: int = await session.driver.fetchval("SELECT pg_backend_pid()")
        return pid


async def test_there_is_no_idle_one_before_one_was_made_and_while_it_is_lent(small: Database) -> None:
    assert pool_of(small).take_idle() is None
    async with transaction(small.sessions, uuid4()):
        assert pool_of(small).take_idle() is None


async def test_an_idle_one_is_lent_again_and_again(small: Database) -> None:
    first = await backend(small)

    lent = pool_of(small).take_idle()
    assert lent is not None
    lent.close()

    assert [await backend(small) for _ in range(3)] == [first] * 3


async def test_one_that_died_while_it_lay_idle_is_not_lent(small: Database) -> None:
    first = await backend(small)
    lent = pool_of(small).take_idle()
    assert lent is not None
    driver = lent.driver_connection
    lent.close()
    driver.terminate()  # type: ignore[union-attr]

    assert pool_of(small).take_idle() is None
    assert await backend(small) != first


async def test_one_that_is_being_ended_as_it_is_lent_is_replaced(
    small: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, execute = await backend(small), asyncpg.Connection.execute
    ending = [True]

    async def ends_once(self: asyncpg.Connection, query: str) -> object:
        if ending:
            ending.clear()
            raise asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress")
        return await execute(self, query)

    monkeypatch.setattr(asyncpg.Connection, "execute", ends_once)

    assert await backend(small) != first
    assert not ending


async def test_one_that_was_thrown_away_is_not_lent(small: Database) -> None:
    first = await backend(small)

    session = small.sessions()
    await session.start("BEGIN")
    session.throw_away()
    session.give_back()

    assert pool_of(small).take_idle() is None
    assert await backend(small) != first


async def test_where_postgresql_lets_in_no_more_one_should_come_back(
    small: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(**_: object) -> None:
        raise asyncpg.TooManyConnectionsError("sorry, too many clients already")

    monkeypatch.setattr(asyncpg, "connect", full)

    with pytest.raises(NoConnectionFree):
        await backend(small)


async def test_while_somebody_waits_nobody_is_served_before_them(small: Database) -> None:
    async def somebody_waits() -> bool:
        return pool_of(small)._waiting > 0

    async with transaction(small.sessions, uuid4()):
        waiting = asyncio.create_task(backend(small))
        await until(somebody_waits)
    assert pool_of(small).take_idle() is None
    await waiting
    lent = pool_of(small).take_idle()
    assert lent is not None
    lent.close()


@pytest.mark.parametrize("prepared", [True, False], ids=["at the driver", "by SQLAlchemy"])
async def test_a_unit_that_is_cut_short_leaves_nothing_open(small: Database, *, prepared: bool) -> None:
    async def linger() -> None:
        async with transaction(small.sessions, uuid4()) as session:
            if prepared:
                await session.driver.fetch("SELECT pg_sleep(20)")
            else:
                await session.execute(select(func.pg_sleep(20)))

    lingering = asyncio.create_task(linger())
    await asyncio.sleep(0.2)
    lingering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await lingering

    assert await backend(small) > 0


async def test_a_session_outside_its_transaction_has_no_connection(small: Database) -> None:
    async with transaction(small.sessions, uuid4()) as session:
        assert isinstance(session, Session)
    for over in (session, small.sessions()):
        with pytest.raises(RuntimeError):
            _ = over.driver


@pytest.mark.parametrize("made", [True, False], ids=["with a session of models", "at the driver alone"])
@pytest.mark.parametrize("then", ["SQLAlchemy asks", "the driver asks", "the unit ends"])
async def test_a_database_that_goes_away_is_told_as_such(
    small: Database, database: Database, *, made: bool, then: str
) -> None:
    async def go_away() -> None:
        async with transaction(small.sessions, uuid4()) as session:
            pid = await session.driver.fetchval("SELECT pg_backend_pid()")
            if made:
                await session.execute(select(func.now()))
            async with transaction(database.sessions, uuid4()) as other:
                await other.driver.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
            if then == "SQLAlchemy asks":
                await session.execute(select(func.now()))
            if then == "the driver asks":
                await session.driver.fetchval("SELECT now()")

    with pytest.raises(Exception) as told:  # noqa: PT011 (of whichever kind: it is known for what it is)
        await go_away()

    assert lost(told.value), repr(told.value)
    assert await backend(small) > 0
