"""createPipeline: usable at once with only a label (S4, S8), within what the plan allows (tests of roles and plans)."""

import re

import pytest

from policies import Permission, Role
from tests.support import db_state
from tests.support.client import Api, Client, Json
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda _: {
        "label": "Refunds",
        "stages": [{"label": "In", "state": "OPEN"}, {"label": "Out", "state": "CLOSED"}],
    },
    budget=8,
    selects=f"pipeline {{ {PIPELINE} }}",
    least_role=Role.SETTINGS_EDITOR,
    edits=None,
    app_permissions={Permission.PIPELINE_CREATE, Permission.STAGE_ADD},
)


SHOWN = "pipeline { id internalName label isDefault revision stages { internalName label state position } }"


async def create(client: Client, **given: object) -> Json:
    """The pipeline of a payload without errors."""
    done = await client.do("createPipeline", SHOWN, **given)
    assert done["userErrors"] == []
    made: Json = done["pipeline"]
    return made


async def test_a_label_is_enough_and_it_is_usable_at_once(api: Api, world: World) -> None:
    client, agent = await api.client(world, Role.SETTINGS_EDITOR), await api.client(world, Role.AGENT)

    made = await create(client, label="  Returns & refunds  ")
    ticket = await agent.do("createTicket", "ticket { key stage { label } }", subject="a", pipeline={"id": made["id"]})

    assert made["label"] == "Returns & refunds"
    assert re.fullmatch(r"returns_refunds_[a-z2-9]{8}", made["internalName"])
    assert (made["isDefault"], made["revision"]) == (False, 1)
    labels = ["New", "Waiting on contact", "Waiting on us", "Closed"]
    assert [stage["label"] for stage in made["stages"]] == labels
    assert [stage["state"] for stage in made["stages"]] == ["OPEN", "OPEN", "OPEN", "CLOSED"]
    assert ticket["ticket"] == {"key": "RET-1", "stage": {"label": "New"}}
    await db_state.assert_sound(world)


@pytest.mark.parametrize("given", [{}, {"stages": None}])
async def test_without_stages_it_has_the_default_ones(api: Api, world: World, given: Json) -> None:
    made = await create(await api.client(world), label="Returns", **given)

    assert [stage["internalName"] for stage in made["stages"]] == [
        "new",
        "waiting_on_contact",
        "waiting_on_us",
        "closed",
    ]


async def test_stages_may_be_given_in_their_order(api: Api, world: World) -> None:
    stages = [
        {"label": "Zu erledigen", "state": "OPEN"},
        {"label": "完了", "state": "CLOSED"},
        {"label": "完了", "state": "OPEN"},
    ]

    made = await create(await api.client(world), label="Aufgaben", stages=stages)

    assert made["stages"] == [
        {"internalName": "zu_erledigen", "label": "Zu erledigen", "state": "OPEN", "position": 1},
        {"internalName": "unnamed", "label": "完了", "state": "CLOSED", "position": 2},
        {"internalName": "unnamed_2", "label": "完了", "state": "OPEN", "position": 3},
    ]


async def test_labels_may_repeat_and_internal_names_never_do(api: Api, world: World) -> None:
    client = await api.client(world)

    first, second = [await create(client, label="Returns") for _ in range(2)]
    order = (await client.run("{ pipelines { id } }"))["pipelines"]

    assert first["internalName"] != second["internalName"]
    assert [each["id"] for each in order][1:] == [first["id"], second["id"]]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"label": ""}, "INVALID", ["label"]),
        ({"label": " \t "}, "INVALID", ["label"]),
        ({"label": "x" * 201}, "INVALID", ["label"]),
        ({"label": "a", "stages": [{"label": "x", "state": "OPEN"}] * 101}, "INVALID", ["stages"]),
        (
            {"label": "a", "stages": [{"label": "x", "state": "OPEN"}, {"label": " ", "state": "CLOSED"}]},
            "INVALID",
            ["stages", "1", "label"],
        ),
    ],
)
async def test_what_cannot_be_is_declined_with_its_place(
    api: Api, world: World, given: Json, code: str, field: list[str]
) -> None:
    client = await api.client(world)

    declined = await client.refused("createPipeline", **given)

    assert (declined["__typename"], declined["code"], declined["field"]) == ("PlainError", code, ["input", *field])
    assert len((await client.run("{ pipelines { id } }"))["pipelines"]) == 1


@pytest.mark.parametrize(("states", "missing"), [([], "OPEN"), (["OPEN", "OPEN"], "CLOSED"), (["CLOSED"], "OPEN")])
async def test_it_needs_a_stage_of_each_state(api: Api, world: World, states: list[str], missing: str) -> None:
    stages = [{"label": "x", "state": state} for state in states]

    declined = await (await api.client(world)).refused("createPipeline", label="a", stages=stages)

    assert (declined["__typename"], declined["code"]) == ("StateMissingError", "STATE_MISSING")
    assert (declined["state"], declined["field"]) == (missing, ["input", "stages"])


async def test_it_is_recorded(api: Api, world: World) -> None:
    client = await api.client(world, Role.SETTINGS_EDITOR)

    async with db_state.recorded(world) as happened:
        await create(client, label="Returns")

    (event,) = happened
    assert (event.kind, event.actor_id) == ("PIPELINE_CREATED", world.users[Role.SETTINGS_EDITOR].id)
    assert event.after == {"label": "Returns", "stages": ["New", "Waiting on contact", "Waiting on us", "Closed"]}
