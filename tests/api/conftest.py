"""The application of this process, and a world of its own for each test; some share a furnished one."""

from collections.abc import AsyncIterator, Iterator

import pytest

from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.settings import Settings
from tests.support.client import Api, cheap_passwords, make_api
from tests.support.fixtures import Scenery, furnish
from tests.support.world import World, make_world


@pytest.fixture(scope="session")
def passwords() -> Iterator[Argon2Passwords]:
    """Passwords that are hashed for real, but cheaply."""
    cheap = cheap_passwords()
    yield cheap
    cheap.close()


@pytest.fixture(scope="session")
async def api(database: Database, settings: Settings, passwords: Argon2Passwords) -> AsyncIterator[Api]:
    """The application as it is served, on this process's database."""
    made = make_api(database, settings, passwords)
    yield made
    await made.http.aclose()


@pytest.fixture
async def world(database: Database) -> World:
    """An account of its own, on ENTERPRISE."""
    return await make_world(database.sessions)


@pytest.fixture
async def scenery(world: World) -> Scenery:
    """The world of the test, furnished."""
    return await furnish(world)


@pytest.fixture(scope="module")
async def still_life(database: Database) -> Scenery:
    """A furnished world for the tests of a module that change nothing in it."""
    return await furnish(await make_world(database.sessions))
