"""deleteStage: refused while tickets are in it, unless they are given another stage (S21, S24)."""

import pytest

from domain.reference import Ref
from policies import Permission, Role
from schema.ids import Kind
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.ids import gid, stages, unknown
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "pipeline": {"id": has.pipeline},
        "stage": {"id": has.empty},
        "moveTicketsTo": {"id": has.stage},
    },
    budget=19,
    selects=f"pipeline {{ {PIPELINE} }}",
    # It moves tickets as well, which settings editors may not do.
    least_role=Role.SUPER_ADMIN,
    edits=None,
    app_permissions={Permission.PIPELINE_EDIT, Permission.TICKET_WRITE},
)


SUPPORT = {"internalName": "support"}
SHOWN = "pipeline { revision stages { internalName position } }"


def named(stage: str) -> Json:
    """A stage of the support pipeline by its internal name."""
    return {"pipeline": SUPPORT, "stage": {"internalName": stage}}


async def test_an_empty_stage_goes_and_the_others_close_ranks(api: Api, world: World) -> None:
    client = await api.client(world, Role.SETTINGS_EDITOR)

    async with db_state.recorded(world) as happened:
        done = await client.do("deleteStage", SHOWN, **named("waiting_on_contact"))

    names = ["new", "waiting_on_us", "closed"]
    assert done["userErrors"] == []
    assert done["pipeline"] == {
        "revision": 2,
        "stages": [{"internalName": name, "position": place} for place, name in enumerate(names, start=1)],
    }
    assert [(event.kind, event.before) for event in happened] == [
        ("STAGE_DELETED", {"label": "Waiting on contact", "state": "OPEN"})
    ]
    await db_state.assert_sound(world)


async def test_the_id_alone_is_enough_and_an_internal_name_is_not(api: Api, world: World) -> None:
    client, stage = await api.client(world), (await stages(world))["new"]

    declined = await client.refused("deleteStage", stage={"internalName": "new"})
    done = await client.do("deleteStage", stage={"id": stage})

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "pipeline"])
    assert done["userErrors"] == []
    assert "new" not in await stages(world)


@pytest.mark.parametrize("given", [{}, {"moveTicketsTo": None}])
async def test_one_with_tickets_stays_and_they_are_counted(api: Api, world: World, given: Json) -> None:
    await actions.open_tickets(world, "a", "b", stage="waiting_on_us")

    declined = await (await api.client(world)).refused("deleteStage", **named("waiting_on_us"), **given)

    assert (declined["__typename"], declined["code"]) == ("NotEmptyError", "NOT_EMPTY")
    assert (declined["tickets"], declined["field"]) == (2, ["input", "stage"])


async def test_tickets_that_the_viewer_does_not_see_are_not_counted(api: Api, world: World) -> None:
    await actions.open_tickets(world, "a", "b", stage="waiting_on_us")
    nothing = "view_reach = 'OWN', view_unassigned = false"
    await db_state.execute(world, f"UPDATE account_user SET {nothing} WHERE name = 'Settings_Editor'")  # noqa: S608

    declined = await (await api.client(world, Role.SETTINGS_EDITOR)).refused("deleteStage", **named("waiting_on_us"))

    assert (declined["code"], declined["tickets"]) == ("NOT_EMPTY", None)


@pytest.mark.parametrize("to", ["new", "closed"])
async def test_its_tickets_go_to_the_bottom_of_another_one_in_their_order(api: Api, world: World, to: str) -> None:
    await actions.open_tickets(world, "x", stage=to)
    await actions.open_tickets(world, "a", "b", stage="waiting_on_us")
    heir = {"moveTicketsTo": {"internalName": to}}

    done = await (await api.client(world)).do("deleteStage", SHOWN, **named("waiting_on_us"), **heir)

    assert done["userErrors"] == []
    assert (await db_state.board(world))[to] == ["x", "a", "b"]
    await db_state.assert_sound(world)


async def test_moving_its_tickets_takes_who_may_edit_all_of_them(api: Api, world: World) -> None:
    await actions.open_ticket(world, stage="waiting_on_us")
    client = await api.client(world, Role.SETTINGS_EDITOR)

    declined = await client.refused("deleteStage", **named("waiting_on_us"), moveTicketsTo={"internalName": "new"})

    assert (declined["code"], declined["permission"]) == ("NOT_PERMITTED", "ticket:write")


async def test_its_tickets_stay_in_the_pipeline_and_go_elsewhere(api: Api, world: World) -> None:
    another = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Another")))
    client, stage = await api.client(world), (await stages(world))["new"]
    cases = {gid(another.stages[0]): "NOT_FOUND", unknown(Kind.STAGE): "NOT_FOUND", stage: "INVALID"}

    for heir, code in cases.items():
        declined = await client.refused("deleteStage", stage={"id": stage}, moveTicketsTo={"id": heir})

        assert (declined["code"], declined["field"]) == (code, ["input", "moveTicketsTo"])


@pytest.mark.parametrize(("last", "state"), [("closed", "CLOSED"), ("new", "OPEN")])
async def test_the_last_stage_of_a_state_stays(api: Api, world: World, last: str, state: str) -> None:
    for other in ("waiting_on_us", "waiting_on_contact"):
        await actions.delete_stage(world, other)

    declined = await (await api.client(world)).refused("deleteStage", **named(last))

    assert (declined["__typename"], declined["code"]) == ("StateMissingError", "STATE_MISSING")
    assert (declined["state"], declined["field"]) == (state, ["input", "stage"])


async def test_what_there_is_not_is_not_found(api: Api, world: World) -> None:
    client = await api.client(world)

    for given, at in (
        ({"stage": {"id": unknown(Kind.STAGE)}}, "stage"),
        (named("never_was"), "stage"),
        ({"pipeline": {"internalName": "never_was"}, "stage": {"internalName": "new"}}, "pipeline"),
    ):
        declined = await client.refused("deleteStage", **given)

        assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", at])
