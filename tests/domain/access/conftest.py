"""A restricted pipeline for the tests of access."""

import pytest

from domain.access import AccessMode, Grantee
from domain.pipelines import Pipeline
from policies import Level
from tests.support import actions
from tests.support.world import World


@pytest.fixture
async def returns(world: World) -> Pipeline:
    """A restricted pipeline on which the blue team has EDIT."""
    made = await world.add_pipeline()
    await actions.set_access(world, made, AccessMode.RESTRICTED, Grantee(Level.EDIT, team_id=world.teams["blue"].id))
    return made
