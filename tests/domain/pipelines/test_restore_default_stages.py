"""The default stages come back on every plan where an account was born with them, and nowhere else for nothing (S4)."""

import pytest

from domain.errors import PlanTooLow
from domain.pipelines import StageState
from domain.reference import Ref
from policies import Tier
from tests.support import actions, db_state
from tests.support.world import World


async def test_default_stages_of_another_pipeline_count_as_added_ones(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline(StageState.OPEN, StageState.CLOSED)).id)
    before = await db_state.stage_names(world, returns)
    await world.on(Tier.FREE)

    with pytest.raises(PlanTooLow):
        await actions.restore_stages(world, to=returns)

    assert await db_state.stage_names(world, returns) == before
