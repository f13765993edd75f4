"""Limits how many operations run at once: some more may wait, and all others are rejected immediately with a 503."""

import asyncio
from types import TracebackType

from server.graphql.request_errors import overloaded


class Admission:
    """An async context manager around each operation of one process."""

    def __init__(self, *, running: int, waiting: int) -> None:
        self._slots = asyncio.Semaphore(running)
        self._max_waiting = waiting
        self._waiting = 0

    async def __aenter__(self) -> None:
        if self._slots.locked() and self._waiting >= self._max_waiting:
            raise overloaded()
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._slots.release()
