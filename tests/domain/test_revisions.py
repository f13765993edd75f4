"""Edits that could be lost rest on a revision: on an older one than stands they are a conflict, once the gate has let
them in (B29).
"""

from collections.abc import Awaitable, Callable

import pytest

from domain import pipelines, tickets
from domain.errors import Conflict, NotPermitted
from domain.pipelines import Pipeline, StageState
from domain.unit_of_work import UnitOfWork
from policies import Role
from tests.support import actions, db_state
from tests.support.world import World

Edit = Callable[[UnitOfWork, Pipeline, int], Awaitable[None]]


async def rename(work: UnitOfWork, pipeline: Pipeline, revision: int) -> None:
    await pipelines.rename_pipeline(work, pipeline, "Helpdesk", expected_revision=revision)


async def set_card(work: UnitOfWork, pipeline: Pipeline, revision: int) -> None:
    await pipelines.set_pipeline_card(work, pipeline, ["subject"], expected_revision=revision)


async def reorder(work: UnitOfWork, pipeline: Pipeline, revision: int) -> None:
    order = [actions.named(stage.internal_name) for stage in reversed(pipeline.stages)]
    await pipelines.reorder_stages(work, pipeline, order, expected_revision=revision)


async def update_stage(work: UnitOfWork, pipeline: Pipeline, revision: int) -> None:
    await tickets.update_stage(work, pipeline, pipeline.stages[0], label="Fresh", expected_revision=revision)


EVERY_EDIT = pytest.mark.parametrize("edit", [rename, set_card, reorder, update_stage])


async def do(world: World, edit: Edit, revision: int, *, who: Role = Role.SETTINGS_EDITOR) -> None:
    async with world.acting(who) as work:
        await edit(work, await pipelines.lock_pipeline(work, None), revision)


@EVERY_EDIT
async def test_an_edit_that_rests_on_what_stands_is_done_once(world: World, edit: Edit) -> None:
    await do(world, edit, 1)

    async with db_state.recorded(world) as happened:
        with pytest.raises(Conflict) as refused:
            await do(world, edit, 1)

    assert (refused.value.details, refused.value.field) == ({"revision": 2}, ("expectedRevision",))
    assert happened == []


@EVERY_EDIT
async def test_who_may_not_edit_is_told_so_before_any_conflict(world: World, edit: Edit) -> None:
    with pytest.raises(NotPermitted):
        await do(world, edit, 9, who=Role.AGENT)


async def test_a_stage_may_be_renamed_and_flipped_in_one_edit(world: World) -> None:
    inside = await actions.open_ticket(world)

    async with db_state.recorded(world) as happened, world.acting(Role.SETTINGS_EDITOR) as work:
        found = await pipelines.lock_pipeline(work, None)
        await tickets.update_stage(work, found, found.stages[0], label="Done", state=StageState.CLOSED)

    assert db_state.kinds(happened) == ["STAGE_UPDATED", "STAGE_UPDATED", "TICKET_CLOSED"]
    stage = (await world.pipeline()).stages[0]
    assert (stage.label, stage.state, stage.internal_name) == ("Done", "CLOSED", "new")
    assert (await db_state.ticket(world, inside)).closed_at is not None
    await db_state.assert_sound(world)
