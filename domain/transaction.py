"""The transactions of the product: begun for one account, and ended here alone (law 2).

The account is set within the transaction, before anything is read, and shares the round trip of BEGIN (settled choice
3). It is never remembered on a connection.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker

Session: TypeAlias = AsyncSession  # one connection in one transaction
Sessions = async_sessionmaker[AsyncSession]

DRIVER = "driver"  # under this name a session's `info` has the driver's own connection, for domain/fetching.py

# SQLAlchemy is told to begin nothing and end nothing: both is done below, in fewer round trips.
_OURS = {"isolation_level": "AUTOCOMMIT"}
_STATEMENT_LIMIT = "30s"


class Level(StrEnum):
    """What a transaction sees, and whether it may change anything."""

    WRITING = "READ COMMITTED"
    READING = "REPEATABLE READ READ ONLY"  # everything in it was true at one moment


@asynccontextmanager
async def transaction(
    sessions: Sessions, account_id: UUID | None, level: Level = Level.WRITING
) -> AsyncIterator[AsyncSession]:
    """One session in one transaction of one account, or of none: commits when its block ends, and rolls back when
    anything is raised, cancellation included.
    """
    async with sessions() as session:
        connection = await session.connection(execution_options=_OURS)
        driver = session.info[DRIVER] = _driver_of(connection)
        try:
            await driver.execute(_beginning(level, account_id))
            yield session
            if level is Level.WRITING:
                await session.flush()
            await driver.execute("COMMIT")
        except BaseException:
            await _roll_back(connection, driver)
            raise


def _driver_of(connection: AsyncConnection) -> Any:
    """The driver's own connection, which a session that has one can be asked for without waiting."""
    synchronous = connection.sync_connection
    if synchronous is None:
        raise RuntimeError("a session that was given a connection has one")
    return synchronous.connection.driver_connection


def _beginning(level: Level, account_id: UUID | None) -> str:
    account = UUID(int=account_id.int) if account_id is not None else ""
    tenant = f"set_config('app.account', '{account}', true)"
    limit = f"set_config('statement_timeout', '{_STATEMENT_LIMIT}', true)"
    return f"BEGIN ISOLATION LEVEL {level}; SELECT {tenant}, {limit}"


async def _roll_back(connection: AsyncConnection, driver: Any) -> None:
    """Leave nothing open; a connection of which that is not certain is never used again."""
    try:
        await driver.execute("ROLLBACK")
    except Exception:  # noqa: BLE001 (what led here is raised on, and says more)
        await connection.invalidate()
    except BaseException:
        await connection.invalidate()
        raise
