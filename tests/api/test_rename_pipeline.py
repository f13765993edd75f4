"""renamePipeline: only the label changes (S9)."""

import pytest

from policies import Permission, Role
from tests.support import actions, db_state
from tests.support.client import Api
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"pipeline": {"id": has.pipeline}, "label": "Renamed"},
    budget=6,
    selects=f"pipeline {{ {PIPELINE} }}",
    least_role=Role.SETTINGS_EDITOR,
    edits=lambda has: has.pipeline,
    app_permissions={Permission.PIPELINE_EDIT},
)


SUPPORT = {"pipeline": {"internalName": "support"}}
SHOWN = "pipeline { id internalName label revision stages { id } }"


async def test_only_the_label_changes(api: Api, world: World) -> None:
    await actions.open_ticket(world)
    client = await api.client(world, Role.SETTINGS_EDITOR)
    before = (await client.run("{ pipelines { id internalName label revision stages { id } } }"))["pipelines"][0]

    done = await client.do("renamePipeline", SHOWN, **SUPPORT, label=" Help desk ")

    assert done == {"pipeline": {**before, "label": "Help desk", "revision": 2}, "userErrors": []}
    assert (await client.run('{ ticket(key: "SUP-1") { key } }'))["ticket"] == {"key": "SUP-1"}


async def test_the_same_label_again_changes_nothing(api: Api, world: World) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        done = await client.do("renamePipeline", SHOWN, **SUPPORT, label="Support Pipeline")

    assert done["pipeline"]["revision"] == 1
    assert happened == []


@pytest.mark.parametrize("label", ["", "   ", "x" * 201])
async def test_a_label_has_1_to_200_characters(api: Api, world: World, label: str) -> None:
    declined = await (await api.client(world)).refused("renamePipeline", **SUPPORT, label=label)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "label"])


async def test_a_pipeline_that_there_is_not_is_not_found(api: Api, world: World) -> None:
    client = await api.client(world)

    declined = await client.refused("renamePipeline", pipeline={"internalName": "never_was"}, label="a")

    assert (declined["__typename"], declined["code"]) == ("PlainError", "NOT_FOUND")
    assert declined["field"] == ["input", "pipeline"]


async def test_it_is_recorded_with_before_and_after(api: Api, world: World) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        await client.do("renamePipeline", **SUPPORT, label="Help")

    (event,) = happened
    assert (event.kind, event.before, event.after) == (
        "PIPELINE_UPDATED",
        {"label": "Support Pipeline"},
        {"label": "Help"},
    )
