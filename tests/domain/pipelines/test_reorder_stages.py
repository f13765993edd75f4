"""Reordering the stages of a pipeline (S22)."""

import pytest

from domain import pipelines
from domain.pipelines import StaleOrder
from policies import Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World

SETTINGS = Role.SETTINGS_EDITOR


async def test_stages_take_the_order_that_is_submitted(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await actions.reorder_stages(world, "closed", "new", "waiting_on_us", "waiting_on_contact")

    assert await db_state.stage_names(world) == ["closed", "new", "waiting_on_us", "waiting_on_contact"]
    [event] = happened
    pipeline = await world.pipeline()
    assert (event.kind, event.object_id) == ("STAGES_REORDERED", pipeline.id)
    assert event.before == {"order": ["new", "waiting_on_contact", "waiting_on_us", "closed"]}
    assert event.after == {"order": ["closed", "new", "waiting_on_us", "waiting_on_contact"]}
    await db_state.assert_sound(world)


async def test_the_order_that_stages_have_already_records_nothing(world: World) -> None:
    before = (await world.pipeline()).revision

    async with db_state.recorded(world) as happened:
        await actions.reorder_stages(world, "new", "waiting_on_contact", "waiting_on_us", "closed")

    assert happened == []
    assert (await world.pipeline()).revision == before


@pytest.mark.parametrize(
    "order",
    [
        ["closed", "new"],
        ["new", "new", "waiting_on_us", "closed"],
        ["new", "waiting_on_contact", "closed", "elsewhere"],
    ],
    ids=["incomplete", "repeated", "unknown"],
)
async def test_an_order_of_stages_that_is_not_all_of_them_once_is_refused_and_nothing_moves(
    world: World, order: list[str]
) -> None:
    with pytest.raises(StaleOrder):
        await actions.reorder_stages(world, *order)

    assert await db_state.stage_names(world) == ["new", "waiting_on_contact", "waiting_on_us", "closed"]


async def test_an_order_of_stages_that_waits_for_a_new_stage_is_refused(world: World) -> None:
    async with world.acting(SETTINGS) as first:
        found = await pipelines.lock_pipeline(first, None)
        await pipelines.add_stage(first, found, label="Escalated", state=pipelines.StageState.OPEN)
        second = concurrency.start(
            actions.reorder_stages(world, "closed", "waiting_on_us", "waiting_on_contact", "new")
        )
        await concurrency.until_waiting(world)

    with pytest.raises(StaleOrder):
        await second
