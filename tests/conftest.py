"""What every test may ask for: a database of its process, as the role that serves and as the one that owns.

How the database comes to be is told in tests/support/cluster.py.
"""

import os
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.database.embedded import Cluster
from server.database.engine import Database
from server.database.engine import owner_engine as engine_of_owner
from server.settings import Databases, Settings
from tests.support import cluster as support

# Generated examples may take the time that a database takes, and nothing of them is kept between runs.
hypothesis.settings.register_profile("sluicegate", deadline=None, database=None)
hypothesis.settings.load_profile("sluicegate")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the directory that all processes of this run share."""
    if not hasattr(config, "workerinput"):
        support.make_home()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the journeys: a long one that comes last leaves the other processes without work."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if not hasattr(config, "workerinput"):
        support.remove_home()


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings as they are unless an operator sets others."""
    return Settings()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL of this run."""
    with support.running() as running:
        yield running


@pytest.fixture(scope="session")
async def databases(cluster: Cluster) -> AsyncIterator[Databases]:
    """Addresses of this process's own database."""
    async with support.fresh_database(cluster, f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}") as addresses:
        yield addresses


@pytest.fixture(scope="session")
async def database(databases: Databases, settings: Settings) -> AsyncIterator[Database]:
    """This process's own database, as the role that serves."""
    opened = Database(databases, settings)
    await opened.check()
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def owner_engine(databases: Databases) -> AsyncIterator[AsyncEngine]:
    """The same database as the role that owns its tables."""
    assert databases.owner is not None
    engine = engine_of_owner(databases.owner)
    yield engine
    await engine.dispose()
