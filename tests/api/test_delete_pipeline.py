"""deletePipeline: refused while it holds tickets; an account keeps at least one, and a default one (S3, S13, S14)."""

import pytest

from domain.reference import Ref
from policies import Permission, Role
from schema.ids import Kind, global_id
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.operations import Mutation
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"pipeline": {"id": has.spare}, "newDefault": {"id": has.pipeline}},
    budget=12,
    selects="",
    least_role=Role.SETTINGS_EDITOR,
    edits=None,
    app_permissions={Permission.PIPELINE_DELETE},
)


SUPPORT = {"internalName": "support"}


@pytest.fixture
async def returns(world: World) -> Json:
    """Another pipeline, as a reference by id."""
    return {"id": global_id(Kind.PIPELINE, await actions.create_pipeline(world, "Returns"))}


async def test_an_empty_pipeline_goes(api: Api, world: World, returns: Json) -> None:
    client = await api.client(world, Role.SETTINGS_EDITOR)

    async with db_state.recorded(world) as happened:
        done = await client.do("deletePipeline", "deletedPipelineId", pipeline=returns)

    assert done == {"deletedPipelineId": returns["id"], "userErrors": []}
    assert [each["label"] for each in (await client.run("{ pipelines { label } }"))["pipelines"]] == [
        "Support Pipeline"
    ]
    assert [(event.kind, event.before) for event in happened] == [("PIPELINE_DELETED", {"label": "Returns"})]
    await db_state.assert_sound(world)


@pytest.mark.parametrize("count", [1, 3])
async def test_one_that_holds_tickets_stays_and_they_are_counted(
    api: Api, world: World, returns: Json, count: int
) -> None:
    await actions.open_tickets(world, *["a"] * count)
    client = await api.client(world)

    declined = await client.refused("deletePipeline", pipeline=SUPPORT, newDefault=returns)

    assert (declined["__typename"], declined["code"]) == ("NotEmptyError", "NOT_EMPTY")
    assert (declined["tickets"], declined["field"]) == (count, ["input", "pipeline"])


async def test_tickets_that_the_viewer_does_not_see_are_not_counted(api: Api, world: World, returns: Json) -> None:
    await actions.open_tickets(world, "a", "b")
    nothing = "view_reach = 'OWN', view_unassigned = false"
    await db_state.execute(world, f"UPDATE account_user SET {nothing} WHERE name = 'Settings_Editor'")  # noqa: S608
    client = await api.client(world, Role.SETTINGS_EDITOR)

    declined = await client.refused("deletePipeline", pipeline=SUPPORT, newDefault=returns)

    assert (declined["code"], declined["tickets"]) == ("NOT_EMPTY", None)
    assert "2" not in declined["message"]


async def test_archived_tickets_do_not_keep_it(api: Api, world: World, returns: Json) -> None:
    await actions.delete_ticket(world, await actions.open_ticket(world))

    done = await (await api.client(world)).do("deletePipeline", pipeline=SUPPORT, newDefault=returns)

    assert done["userErrors"] == []


async def test_the_last_one_stays(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("deletePipeline", pipeline=SUPPORT)

    assert (declined["__typename"], declined["code"]) == ("PlainError", "LAST_PIPELINE")
    assert declined["field"] == ["input", "pipeline"]


async def test_the_default_one_goes_when_another_takes_its_place(api: Api, world: World, returns: Json) -> None:
    client = await api.client(world)

    for given in ({}, {"newDefault": None}, {"newDefault": SUPPORT}):
        declined = await client.refused("deletePipeline", pipeline=SUPPORT, **given)
        assert (declined["code"], declined["field"]) == ("INVALID", ["input", "newDefault"])
    done = await client.do("deletePipeline", pipeline=SUPPORT, newDefault=returns)
    board = await client.run("{ board { pipeline { id isDefault } } }")

    assert done["userErrors"] == []
    assert board["board"]["pipeline"] == {**returns, "isDefault": True}
    await db_state.assert_sound(world)


async def test_the_default_stays_the_default_when_another_one_goes(api: Api, world: World, returns: Json) -> None:
    third = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Third")))
    client = await api.client(world)

    done = await client.do("deletePipeline", pipeline=returns, newDefault={"internalName": third.internal_name})

    assert done["userErrors"] == []
    assert (await client.run("{ board { pipeline { internalName } } }"))["board"]["pipeline"] == SUPPORT


async def test_a_new_default_that_there_is_not_is_not_found(api: Api, world: World, returns: Json) -> None:
    client = await api.client(world)

    declined = await client.refused("deletePipeline", pipeline=returns, newDefault={"internalName": "never_was"})

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "newDefault"])
