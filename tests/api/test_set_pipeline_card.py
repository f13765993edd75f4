"""setPipelineCard: an ordered choice of properties (S15)."""

import pytest

from domain import properties
from policies import Permission, Role
from tests.support import db_state
from tests.support.client import Api
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"pipeline": {"id": has.pipeline}, "properties": [has.own_property, "owner"]},
    budget=7,
    selects=f"pipeline {{ {PIPELINE} }}",
    least_role=Role.SETTINGS_EDITOR,
    edits=lambda has: has.pipeline,
    app_permissions={Permission.PIPELINE_EDIT},
)


SUPPORT = {"pipeline": {"internalName": "support"}}
BUILT_IN = ["key", "subject", "content", "priority", "owner", "team", "created_at", "entered_at", "closed_at"]


async def test_the_chosen_properties_are_shown_in_their_order(api: Api, world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        await properties.define_properties(work, ["Serial number"])
    client = await api.client(world, Role.SETTINGS_EDITOR)
    chosen = ["serial_number", *reversed(BUILT_IN)]

    done = await client.do("setPipelineCard", "pipeline { revision card { name } }", **SUPPORT, properties=chosen)

    assert done["userErrors"] == []
    assert done["pipeline"] == {"revision": 2, "card": [{"name": name} for name in chosen]}


async def test_a_card_may_show_nothing(api: Api, world: World) -> None:
    done = await (await api.client(world)).do("setPipelineCard", "pipeline { card { name } }", **SUPPORT, properties=[])

    assert done == {"pipeline": {"card": []}, "userErrors": []}


@pytest.mark.parametrize(
    ("chosen", "about"),
    [(["unheard_of"], "unheard_of"), (["key", "key"], "twice"), (["Key"], "Key"), (BUILT_IN * 3, "at most 20")],
)
async def test_unknown_repeated_and_too_many_properties_are_declined(
    api: Api, world: World, chosen: list[str], about: str
) -> None:
    declined = await (await api.client(world)).refused("setPipelineCard", **SUPPORT, properties=chosen)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "properties"])
    assert about in declined["message"]


async def test_it_is_recorded_with_before_and_after(api: Api, world: World) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        await client.do("setPipelineCard", **SUPPORT, properties=["owner"])
        await client.do("setPipelineCard", **SUPPORT, properties=["owner"])

    (event,) = happened
    assert (event.kind, event.before, event.after) == (
        "PIPELINE_UPDATED",
        {"card": ["key", "priority", "created_at"]},
        {"card": ["owner"]},
    )
