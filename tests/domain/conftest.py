"""A fresh account for each test of the domain; generated examples may take the time that a database takes."""

import pytest
from hypothesis import settings

from server.database import Database
from tests.support.world import World, make_world

settings.register_profile("database", deadline=None, database=None)
settings.load_profile("database")


@pytest.fixture
async def world(database: Database) -> World:
    """An account on ENTERPRISE with one user for each role and two teams."""
    return await make_world(database.sessions)
