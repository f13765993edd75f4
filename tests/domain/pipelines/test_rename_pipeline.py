"""Renaming a pipeline (S9)."""

import pytest

from domain.errors import Invalid
from domain.reference import Ref
from tests.support import actions, db_state
from tests.support.world import World


async def test_a_rename_changes_the_label_alone(world: World) -> None:
    ticket = await actions.open_ticket(world)
    before = await world.pipeline()

    await actions.rename_pipeline(world, " Helpdesk ")

    after = await world.pipeline()
    assert after.label == "Helpdesk"
    assert after.revision == before.revision + 1
    for fixed in ("id", "internal_name", "key_prefix", "position", "is_default", "card"):
        assert getattr(after, fixed) == getattr(before, fixed)
    assert [each.id for each in after.stages] == [each.id for each in before.stages]
    assert (await db_state.ticket(world, ticket)).pipeline_id == before.id


async def test_a_rename_records_both_labels(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await actions.rename_pipeline(world, "Helpdesk")

    [event] = happened
    pipeline = await world.pipeline()
    assert (event.kind, event.object_kind, event.object_id) == ("PIPELINE_UPDATED", "pipeline", pipeline.id)
    assert (event.pipeline_from, event.pipeline_to) == (pipeline.id, pipeline.id)
    assert (event.before, event.after) == ({"label": "Support Pipeline"}, {"label": "Helpdesk"})


async def test_a_rename_to_the_same_label_changes_and_records_nothing(world: World) -> None:
    before = await world.pipeline()

    async with db_state.recorded(world) as happened:
        await actions.rename_pipeline(world, "Support Pipeline ")

    assert happened == []
    assert (await world.pipeline()).revision == before.revision


async def test_a_pipeline_is_not_renamed_to_nothing(world: World) -> None:
    with pytest.raises(Invalid):
        await actions.rename_pipeline(world, "  ")


async def test_two_pipelines_may_share_a_label(world: World) -> None:
    other = await world.add_pipeline(label="Returns")

    await actions.rename_pipeline(world, "Returns")

    assert (await world.pipeline()).label == (await world.pipeline(Ref(id=other.id))).label
