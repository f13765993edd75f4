"""What an import needs is found or made by the verbs that people use, with their rules (B34, S4, S6, S21)."""

import pytest

from domain import imports
from domain.errors import Invalid, NotFound, PlanLimitReached, PlanTooLow
from domain.pipelines import StageDraft, StageState
from domain.reference import Ref
from policies import Tier
from server.database.engine import Database
from tests.support import actions, db_state
from tests.support.import_data import Told, history, prepared, wanted
from tests.support.world import World, make_world

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED
TOLD = history("1", Told(0, "New", owner="Ann", team="Desk"), Told(5, "Busy"), Told(9, "Done"))


async def test_stages_are_found_by_internal_name_or_label_and_missing_ones_come_last(world: World) -> None:
    stages = {
        "1": StageDraft("waiting_on_us", CLOSED),
        "2": StageDraft("NEW", CLOSED),
        "3": StageDraft("Parked", OPEN),
        "4": StageDraft("Parked", OPEN),
        "5": StageDraft("Rejected", CLOSED),
    }

    ground, made = await prepared(world, wanted(stages=stages))

    found = {stage.internal_name: stage for stage in (await world.pipeline()).stages}
    assert list(found) == ["new", "waiting_on_contact", "waiting_on_us", "closed", "parked", "rejected"]
    assert [found[name].state for name in ("new", "parked", "rejected")] == ["OPEN", "OPEN", "CLOSED"]
    assert [ground.stages[name].id for name in "12345"] == [
        found[name].id for name in ("waiting_on_us", "new", "parked", "parked", "rejected")
    ]
    assert [ground.stages[name].closed for name in "125"] == [False, False, True]
    assert made.stages == ["Parked", "Rejected"]
    await db_state.assert_sound(world)


async def test_a_pipeline_that_is_missing_is_made_with_the_stages_of_the_source_alone(world: World) -> None:
    ground, made = await prepared(world, wanted(TOLD, pipeline="Elsewhere", create_pipeline=True))

    pipeline = await world.pipeline(Ref(id=ground.pipeline_id))
    assert [(stage.label, stage.state) for stage in pipeline.stages] == [
        ("New", "OPEN"),
        ("Busy", "OPEN"),
        ("Closed", "CLOSED"),
    ]
    assert (made.pipeline, made.stages) == ("Elsewhere", ["New", "Busy", "Closed"])
    assert pipeline.label == "Elsewhere"


@pytest.mark.parametrize(
    ("states", "labels"),
    [([OPEN], ["Stage 0", "Closed"]), ([CLOSED], ["New", "Stage 0"]), ([OPEN, CLOSED], ["Stage 0", "Stage 1"])],
)
async def test_a_new_pipeline_has_a_stage_of_each_state(
    world: World, states: list[StageState], labels: list[str]
) -> None:
    stages = {str(place): StageDraft(f"Stage {place}", state) for place, state in enumerate(states)}

    _, made = await prepared(world, wanted(pipeline="Elsewhere", create_pipeline=True, stages=stages))

    assert made.stages == labels
    await db_state.assert_sound(world)


async def test_the_second_time_everything_is_there(world: World) -> None:
    asked = wanted(TOLD, pipeline="Elsewhere", create_pipeline=True, properties=["Colour"])
    first, made = await prepared(world, asked)

    async with db_state.recorded(world) as happened:
        second, nothing = await prepared(world, asked)

    assert first == second
    assert (made.people, made.teams, made.properties) == (1, 1, ["Colour"])
    assert nothing == imports.Created(None, [], 0, 0, [])
    assert happened == []


async def test_a_pipeline_is_not_made_unless_it_may_be(world: World) -> None:
    with pytest.raises(NotFound, match="'Elsewhere'"):
        await prepared(world, wanted(TOLD, pipeline="Elsewhere"))


async def test_a_label_that_two_pipelines_have_is_not_enough(world: World) -> None:
    await actions.create_pipeline(world, "Twice")
    await actions.create_pipeline(world, "Twice")

    with pytest.raises(Invalid, match="internal name"):
        await prepared(world, wanted(TOLD, pipeline="Twice"))


async def test_the_plan_binds_an_import_as_it_binds_people(database: Database) -> None:
    free = await make_world(database.sessions, Tier.FREE)
    starter = await make_world(database.sessions, Tier.STARTER)
    await actions.create_pipeline(starter, "Second")

    with pytest.raises(PlanTooLow):
        await prepared(free, wanted(TOLD))
    with pytest.raises(PlanLimitReached):
        await prepared(starter, wanted(TOLD, pipeline="Third", create_pipeline=True))

    await prepared(free, wanted(history("1", Told(0, "New"), Told(1, "Done"))))
