"""Restoring default stages: on every plan in the first pipeline, as added stages in others (S4)."""

import pytest

from domain.errors import PlanTooLow
from domain.pipelines import StageState
from domain.reference import Ref
from policies import Role, Tier
from tests.support import actions, db_state
from tests.support.world import World


async def test_default_stages_of_another_pipeline_count_as_added_ones(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline(StageState.OPEN, StageState.CLOSED)).id)
    before = await db_state.stage_names(world, returns)
    await world.on(Tier.FREE)

    with pytest.raises(PlanTooLow):
        await actions.restore_stages(world, to=returns)

    assert await db_state.stage_names(world, returns) == before


async def test_deleted_default_stages_come_back_at_the_end_also_on_free(world: World) -> None:
    await world.on(Tier.FREE)
    await actions.delete_stage(world, "waiting_on_contact", who=Role.SETTINGS_EDITOR)
    await actions.delete_stage(world, "new", who=Role.SETTINGS_EDITOR)

    async with db_state.recorded(world) as happened:
        await actions.restore_stages(world)

    assert await db_state.stage_names(world) == ["waiting_on_us", "closed", "new", "waiting_on_contact"]
    assert db_state.kinds(happened) == ["STAGE_CREATED", "STAGE_CREATED"]
    assert [event.after for event in happened] == [
        {"label": "New", "state": "OPEN"},
        {"label": "Waiting on contact", "state": "OPEN"},
    ]
    await db_state.assert_sound(world)


async def test_a_default_stage_that_was_relabelled_was_not_deleted(world: World) -> None:
    await actions.rename_stage(world, "new", "Fresh")
    before = await world.pipeline()

    async with db_state.recorded(world) as happened:
        await actions.restore_stages(world)

    assert len(await db_state.stage_names(world)) == 4
    assert happened == []
    assert (await world.pipeline()).revision == before.revision
