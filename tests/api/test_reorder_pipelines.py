"""reorderPipelines: the complete order, taken as a whole or not at all (S10)."""

import pytest

from policies import Permission, Role
from schema.ids import Kind
from tests.support import actions, db_state
from tests.support.client import Api, Client, Json
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "order": [{"id": each} for each in reversed(has.pipelines)],
        "expectedOrder": [{"id": each} for each in has.pipelines],
    },
    budget=6,
    selects=f"pipelines {{ {PIPELINE} }}",
    least_role=Role.SETTINGS_EDITOR,
    edits=None,
    app_permissions={Permission.PIPELINE_REORDER},
)


async def order_of(client: Client) -> list[Json]:
    """The pipelines that a client sees, as references."""
    return [{"id": each["id"]} for each in (await client.run("{ pipelines { id } }"))["pipelines"]]


@pytest.fixture
async def three(world: World) -> World:
    """A world with three pipelines."""
    for label in ("Returns", "Sales"):
        await actions.create_pipeline(world, label)
    return world


async def test_the_whole_order_is_taken(api: Api, three: World) -> None:
    client = await api.client(three, Role.SETTINGS_EDITOR)
    before = await order_of(client)
    wanted = [before[2], {"internalName": "support"}, before[1]]

    done = await client.do("reorderPipelines", "pipelines { id }", order=wanted, expectedOrder=before)

    assert done == {"pipelines": [before[2], before[0], before[1]], "userErrors": []}
    assert await order_of(client) == done["pipelines"]


async def test_incomplete_repeated_and_unknown_are_declined_and_nothing_moves(api: Api, three: World) -> None:
    client = await api.client(three)
    first, second, third = before = await order_of(client)
    wrong = [
        [],
        [third, first],
        [third, second, second],
        [third, second, first, first],
        [third, second, {"id": unknown(Kind.PIPELINE)}],
        [third, second, first, {"internalName": "never_was"}],
    ]

    for order in wrong:
        declined = await client.refused("reorderPipelines", order=order)

        assert (declined["__typename"], declined["code"]) == ("PlainError", "STALE_ORDER")
        assert declined["field"] == ["input", "order"]
    assert await order_of(client) == before


async def test_an_order_that_rests_on_another_one_is_declined(api: Api, three: World) -> None:
    client = await api.client(three)
    first, second, third = before = await order_of(client)
    await client.do("reorderPipelines", order=[second, first, third])

    for stale in (before, [first, second], []):
        declined = await client.refused("reorderPipelines", order=[third, second, first], expectedOrder=stale)

        assert (declined["code"], declined["field"]) == ("STALE_ORDER", ["input", "expectedOrder"])
    done = await client.do("reorderPipelines", order=[third, second, first], expectedOrder=None)
    assert done["userErrors"] == []


async def test_visible_pipelines_permute_among_the_places_they_hold(api: Api, three: World) -> None:
    admin, editor = await api.client(three), await api.client(three, Role.SETTINGS_EDITOR)
    first, hidden, third = await order_of(admin)
    await admin.do("setPipelineAccess", pipeline=hidden, mode="RESTRICTED")

    done = await editor.do("reorderPipelines", "pipelines { id }", order=[third, first])

    assert done["pipelines"] == [third, first]
    assert await order_of(admin) == [third, hidden, first]


async def test_it_is_recorded_once_and_the_same_order_is_not(api: Api, three: World) -> None:
    client = await api.client(three)
    before = await order_of(client)

    async with db_state.recorded(three) as happened:
        await client.do("reorderPipelines", order=before)
        await client.do("reorderPipelines", order=before[::-1])

    (event,) = happened
    assert (event.kind, event.object_id) == ("PIPELINES_REORDERED", three.account_id)
    assert event.before
    assert event.after
    assert event.before["order"] == event.after["order"][::-1]
