"""A fresh account for each test of the domain."""

import pytest

from server.database.engine import Database
from tests.support.world import World, make_world


@pytest.fixture
async def world(database: Database) -> World:
    """An account on ENTERPRISE with one user for each role and two teams."""
    return await make_world(database.sessions)
