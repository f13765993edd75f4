"""updateStage: a stage is renamed, flipped between OPEN and CLOSED, or both (S19, S21, S23)."""

import pytest

from policies import Permission, Role
from schema.ids import Kind
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.ids import stages, unknown
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "pipeline": {"id": has.pipeline},
        "stage": {"id": has.stage},
        "label": "Changed",
    },
    budget=6,
    selects=f"pipeline {{ {PIPELINE} }} stage {{ id label }}",
    least_role=Role.SETTINGS_EDITOR,
    edits=lambda has: has.stage,
    app_permissions={Permission.PIPELINE_EDIT},
)


SUPPORT = {"internalName": "support"}
SHOWN = "stage { internalName label state position revision } pipeline { internalName stages { state } }"


def named(stage: str) -> Json:
    """A stage of the support pipeline by its internal name."""
    return {"pipeline": SUPPORT, "stage": {"internalName": stage}}


async def test_a_label_changes_and_nothing_else(api: Api, world: World) -> None:
    client = await api.client(world, Role.SETTINGS_EDITOR)

    done = await client.do("updateStage", SHOWN, **named("new"), label=" Fresh ")

    assert done["userErrors"] == []
    changed = {"internalName": "new", "label": "Fresh", "state": "OPEN", "position": 1, "revision": 2}
    assert done["stage"] == changed
    assert done["pipeline"]["internalName"] == "support"


async def test_the_id_alone_is_enough(api: Api, world: World) -> None:
    stage = (await stages(world))["new"]

    done = await (await api.client(world)).do("updateStage", SHOWN, stage={"id": stage}, label="Fresh")

    assert done["stage"]["label"] == "Fresh"


async def test_flipping_closes_and_reopens_the_tickets_in_it(api: Api, world: World) -> None:
    ticket = await actions.open_ticket(world, stage="waiting_on_us")
    client = await api.client(world)
    shown = '{ ticket(key: "SUP-1") { closedAt revision } }'

    async with db_state.recorded(world) as happened:
        flipped = await client.do("updateStage", SHOWN, **named("waiting_on_us"), state="CLOSED")
        closed = (await client.run(shown))["ticket"]
        back = await client.do("updateStage", SHOWN, **named("waiting_on_us"), state="OPEN")
        reopened = (await client.run(shown))["ticket"]

    assert (flipped["stage"]["state"], back["stage"]["state"]) == ("CLOSED", "OPEN")
    assert closed["closedAt"]
    assert (reopened["closedAt"], reopened["revision"]) == (None, 3)
    assert db_state.kinds(happened) == ["STAGE_UPDATED", "TICKET_CLOSED", "STAGE_UPDATED", "TICKET_REOPENED"]
    assert len(await db_state.closures(world, ticket)) == 1
    await db_state.assert_sound(world)


async def test_label_and_state_change_together_or_not_at_all(api: Api, world: World) -> None:
    client = await api.client(world)

    both = await client.do("updateStage", SHOWN, **named("new"), label="Done", state="CLOSED")
    declined = await client.refused("updateStage", **named("waiting_on_us"), label="", state="CLOSED")
    after = (await client.run("{ pipelines { stages { label state } } }"))["pipelines"][0]["stages"]

    assert (both["stage"]["label"], both["stage"]["state"]) == ("Done", "CLOSED")
    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "label"])
    assert after[2] == {"label": "Waiting on us", "state": "OPEN"}


@pytest.mark.parametrize(
    "given", [{}, {"label": None, "state": None}, {"label": "New"}, {"state": "OPEN"}, {"label": " New "}]
)
async def test_null_absent_and_the_same_change_nothing(api: Api, world: World, given: Json) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        done = await client.do("updateStage", SHOWN, **named("new"), **given)

    assert (done["userErrors"], done["stage"]["revision"], happened) == ([], 1, [])


@pytest.mark.parametrize(("stage", "state", "flips"), [("closed", "CLOSED", "OPEN"), ("new", "OPEN", "CLOSED")])
async def test_the_last_stage_of_a_state_keeps_it(api: Api, world: World, stage: str, state: str, flips: str) -> None:
    for other in {"new", "waiting_on_us", "waiting_on_contact"} - {stage}:
        await actions.delete_stage(world, other)
        if stage == "closed":
            break

    declined = await (await api.client(world)).refused("updateStage", **named(stage), label="Changed", state=flips)

    assert (declined["__typename"], declined["code"]) == ("StateMissingError", "STATE_MISSING")
    assert (declined["state"], declined["field"]) == (state, ["input", "state"])
    assert (await world.pipeline()).stages[-1 if stage == "closed" else 0].label != "Changed"


async def test_what_there_is_not_is_not_found_where_it_was_named(api: Api, world: World) -> None:
    client = await api.client(world)
    never = {"internalName": "never_was"}
    cases: list[tuple[Json, str]] = [
        ({"stage": {"id": unknown(Kind.STAGE)}}, "stage"),
        ({"pipeline": SUPPORT, "stage": {"id": unknown(Kind.STAGE)}}, "stage"),
        ({"pipeline": SUPPORT, "stage": never}, "stage"),
        ({"pipeline": never, "stage": {"internalName": "new"}}, "pipeline"),
    ]

    for given, at in cases:
        declined = await client.refused("updateStage", **given, label="X")

        assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", at])


async def test_an_internal_name_needs_its_pipeline(api: Api, world: World) -> None:
    client = await api.client(world)

    for pipeline in ({}, {"pipeline": None}):
        declined = await client.refused("updateStage", **pipeline, stage={"internalName": "new"}, label="Fresh")

        assert (declined["code"], declined["field"]) == ("INVALID", ["input", "pipeline"])
