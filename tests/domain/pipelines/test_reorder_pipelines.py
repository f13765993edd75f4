"""Arranging pipelines and stages: the whole order or nothing, as the actor sees it (S10, S22, B16)."""

import pytest

from domain import pipelines
from domain.access import AccessMode, Grantee
from domain.errors import NotPermitted
from domain.pipelines import Pipeline, StaleOrder
from domain.reference import Ref
from policies import Level, Role
from tests.support import actions, concurrency, db_state
from tests.support.world import LIMITS, World

SETTINGS = Role.SETTINGS_EDITOR


def refs(found: list[Pipeline]) -> list[Ref]:
    return [Ref(id=pipeline.id) for pipeline in found]


async def listed(world: World, who: Role = Role.OPERATOR) -> list[Pipeline]:
    async with world.looking(who) as work:
        return await pipelines.list_pipelines(work)


async def labels(world: World, who: Role = Role.OPERATOR) -> list[str]:
    return [pipeline.label for pipeline in await listed(world, who)]


@pytest.fixture
async def four(world: World) -> list[Pipeline]:
    """Support Pipeline, A, B and C."""
    for label in "ABC":
        await world.add_pipeline(label=label)
    return await listed(world)


async def test_pipelines_take_the_order_that_is_submitted(world: World, four: list[Pipeline]) -> None:
    support, a, b, c = four

    await actions.reorder_pipelines(world, refs([c, a, support, b]))

    assert await labels(world) == ["C", "A", "Support Pipeline", "B"]


async def test_an_order_may_name_pipelines_by_their_internal_names(world: World, four: list[Pipeline]) -> None:
    await actions.reorder_pipelines(world, [Ref(internal_name=each.internal_name) for each in reversed(four)])

    assert await labels(world) == ["C", "B", "A", "Support Pipeline"]


async def test_a_new_order_records_the_order_before_and_after(world: World, four: list[Pipeline]) -> None:
    support, a, b, c = four

    async with db_state.recorded(world) as happened:
        await actions.reorder_pipelines(world, refs([b, support, a, c]))

    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("PIPELINES_REORDERED", "account", world.account_id)
    assert event.before == {"order": [str(each.id) for each in four]}
    assert event.after == {"order": [str(each.id) for each in (b, support, a, c)]}


async def test_the_order_that_stands_already_records_nothing(world: World, four: list[Pipeline]) -> None:
    async with db_state.recorded(world) as happened:
        await actions.reorder_pipelines(world, refs(four), refs(four))

    assert happened == []


@pytest.mark.parametrize("which", ["incomplete", "repeated", "repeated and incomplete", "unknown", "empty"])
async def test_a_list_that_is_not_exactly_what_is_seen_is_refused_and_nothing_moves(
    world: World, four: list[Pipeline], which: str
) -> None:
    support, a, b, c = refs(four)
    submitted = {
        "incomplete": [c, b, a],
        "repeated": [c, b, a, support, c],
        "repeated and incomplete": [c, c, a, support],
        "unknown": [c, b, a, Ref(internal_name="nothing")],
        "empty": [],
    }[which]

    with pytest.raises(StaleOrder) as refused:
        await actions.reorder_pipelines(world, submitted)

    assert (refused.value.code, refused.value.field) == ("STALE_ORDER", ("order",))
    assert await labels(world) == ["Support Pipeline", "A", "B", "C"]


async def test_a_stale_order_is_refused_and_nothing_moves(world: World, four: list[Pipeline]) -> None:
    support, a, b, c = refs(four)
    await actions.reorder_pipelines(world, [a, support, b, c])

    with pytest.raises(StaleOrder) as refused:
        await actions.reorder_pipelines(world, [c, b, a, support], [support, a, b, c])

    assert refused.value.field == ("expectedOrder",)
    assert await labels(world) == ["A", "Support Pipeline", "B", "C"]


async def test_an_order_made_before_a_pipeline_was_created_is_stale(world: World, four: list[Pipeline]) -> None:
    await world.add_pipeline(label="D")

    with pytest.raises(StaleOrder):
        await actions.reorder_pipelines(world, refs(four[::-1]))

    assert await labels(world) == ["Support Pipeline", "A", "B", "C", "D"]


async def test_hidden_pipelines_keep_their_places_while_the_visible_permute_among_theirs(
    world: World, four: list[Pipeline]
) -> None:
    support, a, b, c = four
    await actions.set_access(world, a, AccessMode.RESTRICTED)

    await actions.reorder_pipelines(world, refs([c, b, support]))

    assert await labels(world, SETTINGS) == ["C", "B", "Support Pipeline"]
    assert await labels(world) == ["C", "A", "B", "Support Pipeline"]


async def test_a_hidden_pipeline_counts_as_an_unknown_one(world: World, four: list[Pipeline]) -> None:
    support, a, b, c = four
    await actions.set_access(world, a, AccessMode.RESTRICTED)

    with pytest.raises(StaleOrder) as hidden:
        await actions.reorder_pipelines(world, refs([c, b, support, a]))
    with pytest.raises(StaleOrder) as unknown:
        await actions.reorder_pipelines(world, [*refs([c, b, support]), Ref(internal_name="nothing")])

    assert hidden.value.message == unknown.value.message
    assert hidden.value.field == unknown.value.field


async def test_what_happens_to_hidden_pipelines_makes_no_order_stale(world: World, four: list[Pipeline]) -> None:
    support, a, b, c = four
    await actions.set_access(world, a, AccessMode.RESTRICTED)
    seen = refs([support, b, c])

    await actions.reorder_pipelines(world, refs([a, support, b, c]), who=Role.SUPER_ADMIN)
    await actions.reorder_pipelines(world, seen[::-1], seen)

    assert await labels(world, SETTINGS) == ["C", "B", "Support Pipeline"]


async def test_a_new_order_names_no_hidden_pipeline_in_its_event(world: World, four: list[Pipeline]) -> None:
    support, a, b, c = four
    await actions.set_access(world, a, AccessMode.RESTRICTED)

    async with db_state.recorded(world) as happened:
        await actions.reorder_pipelines(world, refs([c, b, support]))

    assert str(a.id) not in str(happened[0].before) + str(happened[0].after)


async def test_a_pipeline_at_view_level_can_be_reordered_among_the_others(world: World, four: list[Pipeline]) -> None:
    *_, c = four
    await actions.set_access(world, c, AccessMode.RESTRICTED, Grantee(Level.VIEW, user_id=world.users[SETTINGS].id))

    await actions.reorder_pipelines(world, refs(four[::-1]))

    assert await labels(world) == ["C", "B", "A", "Support Pipeline"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.VIEWER, Role.WORKFLOW_EDITOR])
async def test_who_may_not_reorder_is_told_so(world: World, four: list[Pipeline], role: Role) -> None:
    with pytest.raises(NotPermitted) as of_pipelines:
        await actions.reorder_pipelines(world, refs(four), who=role)
    with pytest.raises(NotPermitted) as of_stages:
        await actions.reorder_stages(world, "new", who=role)

    assert of_pipelines.value.details == {"permission": "pipeline:reorder"}
    assert of_stages.value.details == {"permission": "pipeline:edit"}


async def test_of_two_orders_at_once_the_later_is_refused_when_it_says_what_it_saw(
    world: World, four: list[Pipeline]
) -> None:
    support, a, b, c = refs(four)

    outcomes = await concurrency.together(
        actions.reorder_pipelines(world, [a, b, c, support], refs(four)),
        actions.reorder_pipelines(world, [c, b, a, support], refs(four)),
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "StaleOrder"]
    assert await labels(world) in (["A", "B", "C", "Support Pipeline"], ["C", "B", "A", "Support Pipeline"])


async def test_an_order_that_waits_for_a_creation_is_refused(world: World, four: list[Pipeline]) -> None:
    async with world.acting(SETTINGS) as first:
        await pipelines.create_pipeline(first, label="D", stages=None, limits=LIMITS)
        second = concurrency.start(actions.reorder_pipelines(world, refs(four[::-1])))
        await concurrency.until_waiting(world)

    with pytest.raises(StaleOrder):
        await second
    assert await labels(world) == ["Support Pipeline", "A", "B", "C", "D"]


async def test_a_creation_that_waits_for_an_order_comes_last(world: World, four: list[Pipeline]) -> None:
    async with world.acting(SETTINGS) as first:
        await pipelines.reorder_pipelines(first, refs(four[::-1]))
        second = concurrency.start(actions.create_pipeline(world, "D"))
        await concurrency.until_waiting(world)

    await second
    assert await labels(world) == ["C", "B", "A", "Support Pipeline", "D"]
