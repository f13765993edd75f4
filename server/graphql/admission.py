"""How many operations run at once: a few more may wait in line, the rest hear at once that they should come back."""

import asyncio
from types import TracebackType

from server.graphql.request_errors import overloaded


class Admission:
    """An async context manager around each operation of one process."""

    def __init__(self, *, running: int, waiting: int) -> None:
        self._slots = asyncio.Semaphore(running)
        self._line = waiting
        self._waiting = 0

    async def __aenter__(self) -> None:
        if self._slots.locked() and self._waiting >= self._line:
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
