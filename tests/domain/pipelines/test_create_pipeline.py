"""Founding an account and creating pipelines: usable at once, within the plan's limit (S3, S4, S6–S8, S21, S23)."""

import re

import pytest

from domain import access, pipelines
from domain.access import AccessMode
from domain.errors import Invalid, NotPermitted, PlanLimitReached, PlanTooLow
from domain.pipelines import StageDraft, StageState, StateMissing
from domain.reference import Ref
from policies import Role, Tier
from server.database.engine import Database
from tests.support import actions, concurrency, db_state
from tests.support.world import LIMITS, World, make_world

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED
DEFAULTS = [
    ("new", "New", "OPEN"),
    ("waiting_on_contact", "Waiting on contact", "OPEN"),
    ("waiting_on_us", "Waiting on us", "OPEN"),
    ("closed", "Closed", "CLOSED"),
]


async def test_a_name_is_all_that_a_new_pipeline_needs(world: World) -> None:
    made = await actions.create_pipeline(world, "  Returns ")

    returns = await world.pipeline(Ref(id=made))
    assert returns.label == "Returns"
    assert not returns.is_default
    assert [(stage.internal_name, stage.label, stage.state) for stage in returns.stages] == DEFAULTS


async def test_a_new_pipeline_is_usable_at_once(world: World) -> None:
    made = Ref(id=await actions.create_pipeline(world, "Returns"))

    await actions.open_ticket(world, "Broken on arrival", to=made)

    assert (await db_state.board(world, made))["new"] == ["Broken on arrival"]
    await db_state.assert_sound(world)


async def test_a_new_pipeline_comes_after_the_others(world: World) -> None:
    made = [await actions.create_pipeline(world, label) for label in ("Returns", "Repairs")]

    async with world.looking(Role.VIEWER) as work:
        found = await pipelines.list_pipelines(work)
    assert [pipeline.id for pipeline in found][1:] == made


async def test_a_new_pipeline_is_open_to_everyone_and_remembers_its_creator(world: World) -> None:
    made = await actions.create_pipeline(world, "Returns")

    async with world.looking(Role.OPERATOR) as work:
        row = (await access.find_access(work, [made]))[made]
    assert (row.mode, row.created_by) == (AccessMode.EVERYONE.value, world.users[Role.SETTINGS_EDITOR].id)


async def test_stages_may_be_given_and_get_internal_names_of_their_own(world: World) -> None:
    drafts = [StageDraft(" Todo ", OPEN), StageDraft("Todo", OPEN), StageDraft("Done", CLOSED)]

    made = await actions.create_pipeline(world, "Tasks", drafts)

    stages = (await world.pipeline(Ref(id=made))).stages
    assert [(stage.internal_name, stage.label, stage.position) for stage in stages] == [
        ("todo", "Todo", 1),
        ("todo_2", "Todo", 2),
        ("done", "Done", 3),
    ]


async def test_the_internal_name_of_a_pipeline_has_a_random_suffix_so_that_it_tells_of_no_hidden_one(
    world: World,
) -> None:
    first, second = [await world.pipeline(Ref(id=await actions.create_pipeline(world, "Returns"))) for _ in range(2)]

    assert first.label == second.label
    assert first.internal_name != second.internal_name
    assert re.fullmatch(r"returns_\w{8}", first.internal_name)


async def test_creating_a_pipeline_records_it_with_its_stages(world: World) -> None:
    async with db_state.recorded(world) as happened:
        made = await actions.create_pipeline(world, "Tasks", [StageDraft("Todo", OPEN), StageDraft("Done", CLOSED)])

    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("PIPELINE_CREATED", "pipeline", made)
    assert (event.actor_kind, event.actor_id) == ("PERSON", world.users[Role.SETTINGS_EDITOR].id)
    assert (event.pipeline_from, event.pipeline_to) == (None, made)
    assert (event.before, event.after) == (None, {"label": "Tasks", "stages": ["Todo", "Done"]})


@pytest.mark.parametrize("tier", [Tier.FREE, Tier.STARTER])
async def test_a_pipeline_over_the_maximum_is_refused_with_plan_limit_and_usage(database: Database, tier: Tier) -> None:
    world = await make_world(database.sessions, tier)
    for number in range(LIMITS[tier] - 1):
        await actions.create_pipeline(world, f"Pipeline {number}")

    async with db_state.recorded(world) as happened:
        with pytest.raises(PlanLimitReached) as refused:
            await actions.create_pipeline(world, "One more")

    assert refused.value.details == {"plan": tier.value, "limit": LIMITS[tier], "used": LIMITS[tier]}
    assert happened == []


async def test_a_hidden_pipeline_counts_towards_the_limit(database: Database) -> None:
    world = await make_world(database.sessions, Tier.PROFESSIONAL)
    await actions.set_access(world, await world.add_pipeline(), AccessMode.PRIVATE)
    await world.on(Tier.STARTER)

    with pytest.raises(PlanLimitReached) as refused:
        await actions.create_pipeline(world, "One more", who=Role.SETTINGS_EDITOR)

    assert refused.value.details["used"] == 2


async def test_pipelines_over_the_limit_after_a_downgrade_keep_working_and_none_can_be_added(world: World) -> None:
    made = [Ref(id=await actions.create_pipeline(world, label)) for label in ("Returns", "Repairs")]
    await world.on(Tier.FREE)

    await actions.open_ticket(world, "Still here", to=made[1])
    with pytest.raises(PlanLimitReached) as refused:
        await actions.create_pipeline(world, "One more")

    assert refused.value.details == {"plan": "FREE", "limit": 1, "used": 3}
    assert (await db_state.board(world, made[1]))["new"] == ["Still here"]


async def test_two_creations_at_once_do_not_pass_the_limit_together(database: Database) -> None:
    world = await make_world(database.sessions, Tier.STARTER)

    outcomes = await concurrency.together(*[actions.create_pipeline(world, f"Number {each}") for each in range(4)])

    refused = [each for each in outcomes if isinstance(each, PlanLimitReached)]
    assert len(refused) == 3
    assert all(each.details["used"] == 2 for each in refused)
    async with world.looking(Role.OPERATOR) as work:
        assert await pipelines.count_pipelines(work) == 2


async def test_a_creation_that_waits_for_another_counts_it(database: Database) -> None:
    world = await make_world(database.sessions, Tier.STARTER)

    async with world.acting(Role.SETTINGS_EDITOR) as first:
        await pipelines.create_pipeline(first, label="First", stages=None, limits=LIMITS)
        second = concurrency.start(actions.create_pipeline(world, "Second"))
        await concurrency.until_waiting(world)

    with pytest.raises(PlanLimitReached):
        await second


@pytest.mark.parametrize("states", [[OPEN], [CLOSED], []], ids=["no CLOSED", "no OPEN", "none"])
async def test_a_pipeline_is_not_born_without_both_states(world: World, states: list[StageState]) -> None:
    with pytest.raises(StateMissing) as refused:
        await actions.create_pipeline(world, "Tasks", [StageDraft("Step", state) for state in states])

    assert refused.value.field == ("stages",)


async def test_more_than_a_hundred_stages_are_refused(world: World) -> None:
    drafts = [StageDraft(f"Step {number}", OPEN) for number in range(100)]

    with pytest.raises(Invalid, match="100"):
        await actions.create_pipeline(world, "Tasks", [*drafts, StageDraft("Done", CLOSED)])
    made = await actions.create_pipeline(world, "Tasks", [*drafts[1:], StageDraft("Done", CLOSED)])

    assert len((await world.pipeline(Ref(id=made))).stages) == 100


async def test_an_empty_label_is_refused_with_the_path_to_it(world: World) -> None:
    with pytest.raises(Invalid) as of_pipeline:
        await actions.create_pipeline(world, " ")
    with pytest.raises(Invalid) as of_stage:
        await actions.create_pipeline(world, "Tasks", [StageDraft("Todo", OPEN), StageDraft(" ", CLOSED)])

    assert of_pipeline.value.field == ("label",)
    assert of_stage.value.field == ("stages", "1", "label")


async def test_stages_of_ones_own_need_a_plan_that_has_them(world: World) -> None:
    await world.on(Tier.FREE)
    roomy = dict.fromkeys(Tier, 5)

    await actions.create_pipeline(world, "With the default four", limits=roomy)
    with pytest.raises(PlanTooLow) as refused:
        await actions.create_pipeline(
            world, "With others", [StageDraft("Todo", OPEN), StageDraft("Done", CLOSED)], limits=roomy
        )

    assert refused.value.details == {"needed": "STARTER", "current": "FREE"}


@pytest.mark.parametrize("role", [Role.AGENT, Role.VIEWER, Role.WORKFLOW_EDITOR])
async def test_who_may_not_create_pipelines_is_told_so_before_any_limit(database: Database, role: Role) -> None:
    world = await make_world(database.sessions, Tier.FREE)

    with pytest.raises(NotPermitted) as refused:
        await actions.create_pipeline(world, "Mine", who=role)

    assert refused.value.details == {"permission": "pipeline:create"}


async def test_a_refused_creation_leaves_nothing_behind(world: World) -> None:
    async with db_state.recorded(world) as happened:
        with pytest.raises(StateMissing):
            await actions.create_pipeline(world, "Half", [StageDraft("Only", OPEN)])

    async with world.looking(Role.OPERATOR) as work:
        assert await pipelines.count_pipelines(work) == 1
    assert happened == []
