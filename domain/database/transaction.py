"""The transactions of the product: begun for one account, and ended here alone (law 2).

The account is set within the transaction, before anything is read, and shares the round trip of BEGIN (settled choice
3). It is never remembered on a connection.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

# SQLAlchemy is told to begin nothing and end nothing: both is done below, in fewer round trips.
_OURS = {"isolation_level": "AUTOCOMMIT"}
_STATEMENT_LIMIT = "30s"


class Level(StrEnum):
    """What a transaction sees, and whether it may change anything."""

    WRITING = "READ COMMITTED"
    READING = "REPEATABLE READ READ ONLY"  # everything in it was true at one moment


class Pool(Protocol):
    """What lends connections: one that is idle at once, and otherwise by waiting as SQLAlchemy waits."""

    def take_idle(self) -> PoolProxiedConnection | None: ...

    def connect(self) -> PoolProxiedConnection: ...


class Session(AsyncSession):
    """One connection in one transaction. What SQLAlchemy keeps of models and statements costs as much as a request, so
    it is made when it is first needed; what is prepared (domain/database/prepared.py) runs without it.
    """

    def __init__(self, bind: AsyncEngine, **options: Any) -> None:
        self._engine = bind
        self._options = options
        self._taken: PoolProxiedConnection | None = None

    async def start(self, beginning: str) -> Any:
        """Take a connection from the pool and begin on it; the driver's own.

        One that lay idle may be ended at this very moment. Nothing was begun on it then, so another one is taken.
        """
        pool = cast("Pool", self._engine.sync_engine.pool)
        while (idle := pool.take_idle()) is not None:
            with suppress(Exception):
                return await self._start_on(idle, beginning)
        return await self._start_on(await greenlet_spawn(pool.connect), beginning)

    async def _start_on(self, taken: PoolProxiedConnection, beginning: str) -> Any:
        self._taken = taken
        try:
            await self.driver.execute(beginning)
        except BaseException:
            self.throw_away()
            self.give_back()
            raise
        return self.driver

    def give_back(self) -> None:
        """Leave the connection to others; nothing may be open on it."""
        try:
            if self._is_made:
                self.sync_session.close()
        finally:
            if self._taken is not None:
                self._taken.close()

    def throw_away(self) -> None:
        """Let nobody have the connection again."""
        if self._taken is not None and self._taken.is_valid:
            self._taken.invalidate()

    @property
    def driver(self) -> Any:
        """The driver's own connection."""
        if self._taken is None or not self._taken.is_valid:
            raise RuntimeError("a session is used in its transaction")
        return self._taken.driver_connection

    async def flush(self, objects: Any = None) -> None:
        """Write what was changed of models, if any were ever here."""
        if self._is_made:
            await super().flush(objects)

    @property
    def _is_made(self) -> bool:
        return "sync_session" in vars(self)

    @cached_property
    def sync_session(self) -> SyncSession:  # type: ignore[override]
        bind: AsyncEngine | AsyncConnection = self._engine
        if self._taken is not None:
            connection = Connection(self._engine.sync_engine, connection=self._taken).execution_options(**_OURS)
            bind = AsyncConnection(self._engine, sync_connection=connection)
        super().__init__(bind, **self._options)
        made: SyncSession = vars(self)["sync_session"]
        return made

    @cached_property
    def _proxied(self) -> SyncSession:  # type: ignore[override]
        return self.sync_session


Sessions = async_sessionmaker[Session]


@asynccontextmanager
async def transaction(
    sessions: Sessions, account_id: UUID | None, level: Level = Level.WRITING
) -> AsyncIterator[Session]:
    """One session in one transaction of one account, or of none: commits when its block ends, and rolls back when
    anything is raised, cancellation included.
    """
    session = sessions()
    driver = await session.start(_beginning(level, account_id))
    try:
        yield session
        if level is Level.WRITING:
            await session.flush()
        await driver.execute("COMMIT")
    except BaseException:
        await _roll_back(session, driver)
        raise
    finally:
        session.give_back()


def _beginning(level: Level, account_id: UUID | None) -> str:
    account = UUID(int=account_id.int) if account_id is not None else ""
    tenant = f"set_config('app.account', '{account}', true)"
    limit = f"set_config('statement_timeout', '{_STATEMENT_LIMIT}', true)"
    return f"BEGIN ISOLATION LEVEL {level}; SELECT {tenant}, {limit}"


async def _roll_back(session: Session, driver: Any) -> None:
    """Leave nothing open; a connection of which that is not certain is never used again."""
    try:
        await driver.execute("ROLLBACK")
    except Exception:  # noqa: BLE001 (what led here is raised on, and says more)
        session.throw_away()
    except BaseException:
        session.throw_away()
        raise
