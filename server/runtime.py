"""Opens the database for a command and closes it again: the operator's own, or the embedded one of a data directory.

Commands of the same data directory meet in one running cluster, whichever of them came first.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import structlog

from domain.errors import Refusal
from server import log_config, settings
from server.auth.secret_key import secret_key
from server.database.engine import Database
from server.database.migrate import Migrated, migrate, require_newest
from server.errors import CannotStart
from server.settings import Databases, Settings

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Opened(NamedTuple):
    """What a command works with. `data_dir` is that of the embedded database, None with one of the operator's own."""

    settings: Settings
    addresses: Databases
    database: Database
    data_dir: Path | None
    story: str

    def secret_key(self) -> bytes:
        """The key to seal with; BadSetting where it is needed and not set."""
        return secret_key(self.settings, self.data_dir)

    def again(self) -> "Opened":
        """The same with a pool of its own, for another process."""
        return self._replace(database=Database(self.addresses, self.settings))

    async def prepare(self) -> Migrated | None:
        """Migrate as the owner where one is known, else insist on the newest tables; refuse an unsafe serving role."""
        migrated = await migrate(self.addresses) if self.addresses.owner else None
        await self.database.check()
        if migrated is None:
            await require_newest(self.database)
        return migrated


@contextmanager
def opened(data_dir: Path) -> Iterator[Opened]:
    """The database that the settings say, for the length of the block; nothing has been asked of it yet."""
    current = settings.load()
    log_config.configure(current)
    own = current.databases
    if own is None:
        with _embedded(data_dir) as (addresses, story):
            yield Opened(current, addresses, Database(addresses, current), data_dir, story)
        return
    if own.shared:
        log.warning("DATABASE_URL stands for the owner and for the role that serves; better set one for each")
    yield Opened(current, own, Database(own, current), None, "The database is the one that the settings name.")


def on_database(data_dir: Path, work: Callable[[Opened], Awaitable[T]]) -> T:
    """Run `work` on an opened, migrated and checked database; a refusal of the domain becomes CannotStart."""

    async def prepared(it: Opened) -> T:
        try:
            await it.prepare()
            return await work(it)
        finally:
            await it.database.close()

    with opened(data_dir) as it:
        try:
            return run(prepared(it))
        except Refusal as refusal:
            raise CannotStart(refusal.message) from None


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end on the fastest event loop that the machine has."""
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        return runner.run(work)


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


@contextmanager
def _embedded(data_dir: Path) -> Iterator[tuple[Databases, str]]:
    if os.name != "posix":
        raise CannotStart(
            "The embedded PostgreSQL needs Linux or macOS: set SLUICEGATE_DATABASE_URL to one of your own."
        )
    from server.database.embedded import APP, OWNER, embedded

    with embedded(data_dir) as cluster:
        done = "Made and started" if cluster.made else "Started" if cluster.started else "Joined"
        story = f"{done} the embedded PostgreSQL; its data is in {cluster.place.data}."
        yield Databases(cluster.url(APP), cluster.url(OWNER)), story
