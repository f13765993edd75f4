"""Two units at once, and the moment at which one waits for the other: known from the database, never guessed."""

import asyncio
from collections.abc import Awaitable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from sqlalchemy import text

from tests.support.world import World

Result = TypeVar("Result")

_PATIENCE = 10.0
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


async def until_waiting(world: World, count: int = 1) -> None:
    """Returns when as many units of this database wait for a lock."""
    async with asyncio.timeout(_PATIENCE), world.sessions() as session:
        while True:
            async with session.begin():
                if (await session.execute(_WAITING)).scalar_one() >= count:
                    return
            await asyncio.sleep(0.005)


async def together(*deeds: Awaitable[Any]) -> list[Any]:
    """What each of the deeds came to when all were done at once: its answer, or what it raised."""
    async with asyncio.timeout(_PATIENCE):
        return await asyncio.gather(*deeds, return_exceptions=True)


def at_once() -> AbstractAsyncContextManager[Any]:
    """A block that fails when it has to wait for somebody's lock."""
    return asyncio.timeout(2)


def start(deed: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
    """Begin a deed that is to wait for another; await the task for what it came to."""
    return asyncio.create_task(deed)
