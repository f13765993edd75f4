"""Designing a pipeline: its label, its card, its stages and their labels (S4, S9, S15, S19, S23)."""

import pytest

from domain.errors import Invalid, NotFound, NotPermitted, PlanTooLow
from domain.pipelines import Stage, StageState
from domain.reference import BOTTOM, TOP, Place, Ref
from policies import Role, Tier
from tests.support import actions, concurrency, db_state
from tests.support.world import World

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED
NOT_EDITORS = [Role.AGENT, Role.VIEWER, Role.WORKFLOW_EDITOR]


async def stage(world: World, name: str) -> Stage:
    return next(stage for stage in (await world.pipeline()).stages if stage.internal_name == name)


@pytest.mark.parametrize("role", NOT_EDITORS)
async def test_who_may_not_edit_pipelines_changes_nothing_of_their_design(world: World, role: Role) -> None:
    for deed in (
        actions.rename_pipeline(world, "Mine", who=role),
        actions.set_card(world, ["subject"], who=role),
        actions.rename_stage(world, "new", "Mine", who=role),
        actions.restore_stages(world, who=role),
    ):
        with pytest.raises(NotPermitted) as refused:
            await deed
        assert refused.value.details == {"permission": "pipeline:edit"}

    with pytest.raises(NotPermitted) as refused:
        await actions.add_stage(world, "Mine", who=role)
    assert refused.value.details == {"permission": "stage:add"}


async def test_an_added_stage_goes_after_the_existing_ones(world: World) -> None:
    await actions.add_stage(world, "Escalated")

    assert await db_state.stage_names(world) == ["new", "waiting_on_contact", "waiting_on_us", "closed", "escalated"]


@pytest.mark.parametrize(("place", "index"), [("top", 0), ("bottom", 4), ("before", 1), ("after", 2)])
async def test_an_added_stage_goes_to_the_place_that_is_given(world: World, place: str, index: int) -> None:
    beside = (await stage(world, "waiting_on_contact")).id
    places = {"top": TOP, "bottom": BOTTOM, "before": Place(before=beside), "after": Place(after=beside)}

    await actions.add_stage(world, "Escalated", place=places[place])

    assert (await db_state.stage_names(world))[index] == "escalated"
    await db_state.assert_sound(world)


async def test_an_added_stage_keeps_the_state_it_was_given(world: World) -> None:
    await actions.add_stage(world, "Escalated", OPEN)
    await actions.add_stage(world, "Rejected", CLOSED)

    assert ((await stage(world, "escalated")).state, (await stage(world, "rejected")).state) == ("OPEN", "CLOSED")


async def test_adding_a_stage_records_it_and_counts_as_a_change_of_the_pipeline(world: World) -> None:
    before = (await world.pipeline()).revision

    async with db_state.recorded(world) as happened:
        made = await actions.add_stage(world, "Rejected", CLOSED)

    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("STAGE_CREATED", "stage", made)
    assert (event.before, event.after) == (None, {"label": "Rejected", "state": "CLOSED"})
    assert (await world.pipeline()).revision == before + 1


async def test_a_stage_gets_an_internal_name_that_no_other_stage_of_the_pipeline_has(world: World) -> None:
    await actions.add_stage(world, "New")

    assert (await db_state.stage_names(world))[-1] == "new_2"


async def test_stages_of_two_pipelines_may_share_an_internal_name(world: World) -> None:
    other = Ref(id=(await world.add_pipeline()).id)

    await actions.add_stage(world, "Escalated")
    await actions.add_stage(world, "Escalated", to=other)

    assert (await db_state.stage_names(world))[-1] == (await db_state.stage_names(world, other))[-1] == "escalated"


async def test_a_stage_is_not_placed_beside_one_of_another_pipeline(world: World) -> None:
    elsewhere = (await world.add_pipeline()).stages[0].id

    for place, name in ((Place(before=elsewhere), "before"), (Place(after=elsewhere), "after")):
        with pytest.raises(NotFound) as refused:
            await actions.add_stage(world, "Escalated", place=place)
        assert refused.value.field == ("place", name)


async def test_below_starter_no_stage_can_be_added(world: World) -> None:
    await world.on(Tier.FREE)

    with pytest.raises(PlanTooLow) as refused:
        await actions.add_stage(world, "Escalated")

    assert refused.value.details == {"needed": "STARTER", "current": "FREE"}
    assert len(await db_state.stage_names(world)) == 4


async def test_on_free_stages_may_be_renamed_reordered_flipped_and_deleted_and_the_card_chosen(world: World) -> None:
    await world.on(Tier.FREE)

    await actions.rename_stage(world, "new", "Fresh")
    await actions.reorder_stages(world, "closed", "waiting_on_us", "waiting_on_contact", "new")
    await actions.flip(world, "waiting_on_us", CLOSED)
    await actions.delete_stage(world, "waiting_on_contact", who=Role.SETTINGS_EDITOR)
    await actions.set_card(world, ["subject"])
    await actions.rename_pipeline(world, "Helpdesk")

    assert await db_state.stage_names(world) == ["closed", "waiting_on_us", "new"]
    await db_state.assert_sound(world)


async def test_a_pipeline_takes_a_hundred_stages_and_no_more(world: World) -> None:
    await db_state.execute(
        world,
        "INSERT INTO stage (account_id, id, pipeline_id, internal_name, label, state, position)"
        " SELECT account_id, gen_random_uuid(), id, 'more_' || n, 'More', 'OPEN', n"
        " FROM pipeline, generate_series(5, 99) AS n",
    )

    await actions.add_stage(world, "The hundredth")
    with pytest.raises(Invalid, match="100"):
        await actions.add_stage(world, "One more")

    assert len(await db_state.stage_names(world)) == 100


async def test_a_new_label_of_a_stage_leaves_its_internal_name(world: World) -> None:
    before = await stage(world, "new")

    async with db_state.recorded(world) as happened:
        await actions.rename_stage(world, "new", " Fresh ")

    after = await stage(world, "new")
    assert (after.label, after.id, after.state, after.position) == ("Fresh", before.id, before.state, before.position)
    assert after.revision == before.revision + 1
    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("STAGE_UPDATED", "stage", before.id)
    assert (event.before, event.after) == ({"label": "New"}, {"label": "Fresh"})


async def test_the_same_label_of_a_stage_again_records_nothing(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await actions.rename_stage(world, "new", "New")

    assert happened == []


async def test_two_stages_added_at_once_get_two_places(world: World) -> None:
    outcomes = await concurrency.together(*[actions.add_stage(world, "Escalated") for _ in range(3)])

    assert not [each for each in outcomes if isinstance(each, BaseException)]
    assert (await db_state.stage_names(world))[4:] == ["escalated", "escalated_2", "escalated_3"]
    await db_state.assert_sound(world)
