"""closeTicket: to a CLOSED stage of its pipeline, the first one unless named (S19)."""

import pytest

from domain.pipelines import StageState
from domain.reference import BOTTOM, Ref
from policies import Permission, Role
from schema.ids import Kind, global_id
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.ids import gid, stages, unknown
from tests.support.operations import Mutation
from tests.support.selections import TICKET
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"ticketId": has.ticket, "stage": {"id": has.closing}},
    budget=6,
    selects=f"ticket {{ {TICKET} }}",
    least_role=Role.AGENT,
    edits=lambda has: has.ticket,
    app_permissions={Permission.TICKET_WRITE},
)


SHOWN = "ticket { closedAt enteredStageAt revision stage { internalName state } }"


@pytest.fixture
async def ticket(world: World) -> str:
    """The id of an open ticket, in a pipeline with a second CLOSED stage."""
    await actions.add_stage(world, "Rejected", StageState.CLOSED, place=BOTTOM)
    return global_id(Kind.TICKET, await actions.open_ticket(world))


@pytest.mark.parametrize("given", [{}, {"stage": None}])
async def test_it_goes_to_the_first_closed_stage(api: Api, world: World, ticket: str, given: Json) -> None:
    client = await api.client(world, Role.AGENT)

    async with db_state.recorded(world) as happened:
        done = await client.do("closeTicket", SHOWN, ticketId=ticket, **given)

    assert done["userErrors"] == []
    assert done["ticket"]["stage"] == {"internalName": "closed", "state": "CLOSED"}
    assert done["ticket"]["closedAt"] == done["ticket"]["enteredStageAt"]
    assert db_state.kinds(happened) == ["TICKET_MOVED", "TICKET_CLOSED"]
    await db_state.assert_sound(world)


async def test_another_closed_stage_may_be_named_also_of_a_closed_ticket(api: Api, world: World, ticket: str) -> None:
    client = await api.client(world)

    named = await client.do("closeTicket", SHOWN, ticketId=ticket, stage={"internalName": "rejected"})
    by_id = await client.do("closeTicket", SHOWN, ticketId=ticket, stage={"id": (await stages(world))["closed"]})

    assert named["ticket"]["stage"]["internalName"] == "rejected"
    assert by_id["ticket"]["stage"]["internalName"] == "closed"
    assert by_id["ticket"]["closedAt"] == named["ticket"]["closedAt"]


async def test_a_closed_ticket_is_not_closed_again(api: Api, world: World, ticket: str) -> None:
    client = await api.client(world)
    await client.do("closeTicket", ticketId=ticket)

    declined = await client.refused("closeTicket", ticketId=ticket)

    assert (declined["__typename"], declined["code"]) == ("PlainError", "INVALID")
    assert declined["field"] == ["input", "ticketId"]


async def test_an_open_stage_does_not_close(api: Api, world: World, ticket: str) -> None:
    declined = await (await api.client(world)).refused("closeTicket", ticketId=ticket, stage={"internalName": "new"})

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "stage"])


async def test_what_there_is_not_is_not_found_where_it_was_named(api: Api, world: World, ticket: str) -> None:
    client = await api.client(world)
    another = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Another")))
    cases: list[tuple[Json, str]] = [
        ({"ticketId": unknown(Kind.TICKET)}, "ticketId"),
        ({"ticketId": ticket, "stage": {"internalName": "never_was"}}, "stage"),
        ({"ticketId": ticket, "stage": {"id": gid(another.stages[-1])}}, "stage"),
    ]

    for given, field in cases:
        declined = await client.refused("closeTicket", **given)

        assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", field])
