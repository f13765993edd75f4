"""What goes on for longer than one request, such as a subscription, and has to end when its viewer loses access (B19).

Whoever serves such a thing keeps a watch on it. The worker tells all processes in which account somebody may see less
than before; each asks those of its watches that are in that account whether they are still allowed, and all of them
now and then, since grants end by time, notices get lost, and poolers pass none on.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import structlog

from server.database.engine import Database, lost

log = structlog.get_logger(__name__)

_CHANNEL = "sluicegate_narrowed"
_CHECK_SECONDS = 30.0
_AT_ONCE = 4  # watches that are asked at the same time, each of which takes a connection
_JUDGING_SECONDS = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds

StillAllowed = Callable[[], Awaitable[bool]]


class Watch:
    """One thing that goes on; it should end as soon as `closing` is set."""

    def __init__(self, account_id: UUID, still_allowed: StillAllowed) -> None:
        self.account_id = account_id
        self.closing = asyncio.Event()
        self._still_allowed = still_allowed

    async def check(self) -> None:
        """Close unless it is still allowed; what cannot be told closes too, but while the database is away, which then
        has nothing to show either.
        """
        clock = asyncio.timeout(_JUDGING_SECONDS)
        try:
            async with clock:
                allowed = await self._still_allowed()
        except Exception as error:
            if lost(error) and not clock.expired():
                return
            log.warning("a watch could not be judged and closes", exc_info=error)
            allowed = False
        if not allowed:
            self.closing.set()


class Watches:
    """All watches of one process; while there are none, nothing runs and no connection is held."""

    def __init__(self, database: Database, *, check_seconds: float = _CHECK_SECONDS) -> None:
        self._database = database
        self._seconds = check_seconds
        self._watches: set[Watch] = set()
        self._due: set[UUID] = set()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watch(self, account_id: UUID, still_allowed: StillAllowed) -> AsyncIterator[Watch]:
        """Keep a watch for the length of the block, with a first look at once: access may have been lost since the
        block's own.
        """
        watch = Watch(account_id, still_allowed)
        self._watches.add(watch)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        self._ask([account_id])
        try:
            yield watch
        finally:
            self._watches.remove(watch)
            if not self._watches:
                self._task.cancel()
                self._task = None

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._check())

    async def _listen(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._database.listening(_CHANNEL, self._hear) as over:
                    self._ask_all()  # what was said before is not heard
                    pause = _FIRST_PAUSE
                    await over.wait()
            except Exception as error:
                if not lost(error):
                    log.exception("notices are not heard; watches are checked by time alone", seconds=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _check(self) -> None:
        clock = asyncio.get_running_loop().time
        all_due = clock() + self._seconds
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(all_due):
                    await self._woken.wait()
            if clock() >= all_due:
                self._ask_all()
                all_due = clock() + self._seconds
            asked, self._due = self._due, set()
            self._woken.clear()
            await _in_turn([watch for watch in self._watches if watch.account_id in asked])

    def _hear(self, said: str) -> None:
        with suppress(ValueError):
            self._ask([UUID(hex=said)])

    def _ask_all(self) -> None:
        self._ask({watch.account_id for watch in self._watches})

    def _ask(self, accounts: Iterable[UUID]) -> None:
        self._due.update(accounts)
        self._woken.set()


async def tell(database: Database, accounts: Collection[UUID]) -> None:
    """Tell every process in which accounts somebody may see or do less than before."""
    if accounts:
        await database.tell(_CHANNEL, [account.hex for account in accounts])


async def _in_turn(watches: list[Watch]) -> None:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(watch: Watch) -> None:
        async with places:
            await watch.check()

    async with asyncio.TaskGroup() as tasks:
        for watch in watches:
            tasks.create_task(one(watch))
