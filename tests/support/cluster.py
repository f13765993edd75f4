"""PostgreSQL for the tests: one cluster a run, shared by all of pytest's processes, and a database for each of them.

The tables are made by the migrations, once, in a template that every database is cloned from. The cluster forgets what
it is told when the machine fails (fsync is off), which only tests may do.

`SLUICEGATE_TEST_POSTGRES=15` runs Debian's programs of that version instead of the embedded ones.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from server.database.embedded import APP, DATABASE, OWNER, SUPERUSER, Cluster, embedded, locks
from server.database.migrate import migrate
from server.settings import Databases

HOME = "SLUICEGATE_TEST_HOME"
VERSION = "SLUICEGATE_TEST_POSTGRES"
TUNING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


def make_home() -> None:
    """Make the directory of this run, and name it to the processes that pytest starts."""
    home = tempfile.mkdtemp(prefix="sluicegate-tests-")
    Path(home).chmod(0o711)  # passable for the user that root's PostgreSQL runs as
    os.environ[HOME] = home


def remove_home() -> None:
    """Remove the directory of this run."""
    shutil.rmtree(os.environ.pop(HOME), ignore_errors=True)


def scratch(name: str) -> Path:
    """A fresh directory below that of this run, which PostgreSQL's user can pass through as well."""
    directory = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=os.environ[HOME]))
    directory.chmod(0o711)
    return directory


def programs() -> Path | None:
    """Where the programs of the wanted version are; None for the embedded ones."""
    wanted = os.environ.get(VERSION)
    if not wanted:
        return None
    found = Path(f"/usr/lib/postgresql/{wanted}/bin")
    if not (found / "postgres").exists():
        raise FileNotFoundError(f"{VERSION}={wanted}, but there is no {found}/postgres")
    return found


@contextmanager
def running() -> Iterator[Cluster]:
    """The cluster of this run; the first to ask starts it and the last to leave stops it."""
    with embedded(Path(os.environ[HOME]) / "cluster", tuning=TUNING, programs=programs()) as cluster:
        yield cluster


@asynccontextmanager
async def fresh_database(cluster: Cluster, name: str) -> AsyncIterator[Databases]:
    """A new database with every table and no row."""
    with locks.held(cluster.place.home / "template.lock"):
        await migrate(Databases(cluster.url(APP), cluster.url(OWNER)))
        await as_superuser(cluster, f'CREATE DATABASE "{name}" TEMPLATE {DATABASE} OWNER {OWNER}')
    yield Databases(cluster.url(APP, name), cluster.url(OWNER, name))
    await as_superuser(cluster, f'DROP DATABASE "{name}" WITH (FORCE)')


async def as_superuser(cluster: Cluster, statement: str) -> None:
    """Have the cluster's superuser do something to it."""
    connection = await asyncpg.connect(cluster.url(SUPERUSER, "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
