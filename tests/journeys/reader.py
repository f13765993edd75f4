"""Somebody who follows the journal by cursor, as a partner's program does, and keeps what they saw."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from uuid import UUID

import asyncpg

_AFTER = """
SELECT j.number, e.id, e.object_id, e.at, e.actor_kind
  FROM journal_entry j JOIN event e ON (e.account_id, e.id) = (j.account_id, j.event_id)
 WHERE j.number > $1 ORDER BY j.number"""
_PAUSE = 0.01  # seconds between two looks


class Reader:
    """Reads what has come after the last number that it saw; the database has one account."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.seen: list[asyncpg.Record] = []
        self._connection = connection
        self._is_done = False

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Look again and again during the block, and once after it."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            yield
            self._is_done = True
        await self._look()

    async def _follow(self) -> None:
        while not self._is_done:
            await self._look()
            await asyncio.sleep(_PAUSE)

    async def _look(self) -> None:
        self.seen += await self._connection.fetch(_AFTER, self.seen[-1]["number"] if self.seen else 0)


def went_back(seen: Sequence[asyncpg.Record]) -> list[tuple[UUID, UUID]]:
    """Events that were read before one of the same object that happened earlier; what was imported is older anyway."""
    of_object: dict[UUID, list[asyncpg.Record]] = {}
    for event in seen:
        if event["actor_kind"] != "IMPORTED":
            of_object.setdefault(event["object_id"], []).append(event)
    return [
        (earlier["id"], later["id"])
        for events in of_object.values()
        for earlier, later in pairwise(events)
        if later["at"] < earlier["at"]
    ]
