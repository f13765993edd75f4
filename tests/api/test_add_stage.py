"""addStage: a label and a state; it goes after the existing ones unless a place is given (S19)."""

import pytest

from domain.reference import Ref
from policies import Permission, Role
from schema.ids import Kind
from tests.support import actions, db_state
from tests.support.bulk_data import add_stages
from tests.support.client import Api, Json
from tests.support.ids import gid, stages, unknown
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "pipeline": {"id": has.pipeline},
        "label": "Added",
        "state": "OPEN",
        "place": {"after": has.stage},
    },
    budget=8,
    selects=f"pipeline {{ {PIPELINE} }} stage {{ id label }}",
    least_role=Role.SETTINGS_EDITOR,
    edits=None,
    app_permissions={Permission.STAGE_ADD},
)


SUPPORT = {"pipeline": {"internalName": "support"}}
SHOWN = "stage { id internalName label state position } pipeline { revision stages { internalName position } }"


def order_of(done: Json) -> list[str]:
    """The internal names of the stages of a payload, which are numbered in their order."""
    found = done["pipeline"]["stages"]
    assert [stage["position"] for stage in found] == list(range(1, len(found) + 1))
    return [stage["internalName"] for stage in found]


@pytest.mark.parametrize("given", [{}, {"place": None}, {"place": {"bottom": True}}])
async def test_it_goes_after_the_existing_ones(api: Api, world: World, given: Json) -> None:
    client = await api.client(world, Role.SETTINGS_EDITOR)

    done = await client.do("addStage", SHOWN, **SUPPORT, label=" On hold ", state="OPEN", **given)

    assert done["userErrors"] == []
    made = {"internalName": "on_hold", "label": "On hold", "state": "OPEN", "position": 5}
    assert {name: done["stage"][name] for name in made} == made
    assert order_of(done) == ["new", "waiting_on_contact", "waiting_on_us", "closed", "on_hold"]
    assert done["pipeline"]["revision"] == 2
    await db_state.assert_sound(world)


@pytest.mark.parametrize(
    ("side", "of", "position"),
    [
        ("top", None, 1),
        ("before", "new", 1),
        ("before", "waiting_on_us", 3),
        ("after", "waiting_on_us", 4),
        ("after", "closed", 5),
    ],
)
async def test_it_goes_where_it_is_put(api: Api, world: World, side: str, of: str | None, position: int) -> None:
    place = {side: (await stages(world))[of] if of else True}

    done = await (await api.client(world)).do("addStage", SHOWN, **SUPPORT, label="X", state="CLOSED", place=place)

    assert done["stage"]["position"] == position
    assert order_of(done)[position - 1] == "x"
    await db_state.assert_sound(world)


@pytest.mark.parametrize("side", ["before", "after"])
async def test_a_neighbour_that_is_not_of_this_pipeline_is_not_found(api: Api, world: World, side: str) -> None:
    another = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Another")))
    client = await api.client(world)

    for stage in (unknown(Kind.STAGE), gid(another.stages[0])):
        declined = await client.refused("addStage", **SUPPORT, label="X", state="OPEN", place={side: stage})

        assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "place", side])


@pytest.mark.parametrize("label", ["", " ", "x" * 201])
async def test_a_label_has_1_to_200_characters(api: Api, world: World, label: str) -> None:
    declined = await (await api.client(world)).refused("addStage", **SUPPORT, label=label, state="OPEN")

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "label"])


async def test_labels_may_repeat_and_internal_names_are_numbered(api: Api, world: World) -> None:
    client = await api.client(world)

    names = [
        (await client.do("addStage", SHOWN, **SUPPORT, label="New", state="OPEN"))["stage"]["internalName"]
        for _ in range(2)
    ]

    assert names == ["new_2", "new_3"]


async def test_a_pipeline_has_at_most_100_stages(api: Api, world: World) -> None:
    await add_stages(world, await world.pipeline(), 96)

    declined = await (await api.client(world)).refused("addStage", **SUPPORT, label="X", state="OPEN")

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "pipeline"])
    assert "at most 100" in declined["message"]


async def test_a_pipeline_that_there_is_not_is_not_found(api: Api, world: World) -> None:
    nowhere = {"internalName": "never_was"}

    declined = await (await api.client(world)).refused("addStage", pipeline=nowhere, label="X", state="OPEN")

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "pipeline"])
