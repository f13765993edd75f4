"""updateTicket: what a ticket says; what is left out stays."""

import pytest

from domain import properties
from domain.tickets import Priority
from policies import Permission, Role
from schema.ids import Kind, global_id
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.selections import TICKET
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "ticketId": has.ticket,
        "subject": "Said anew",
        "properties": [{"name": has.own_property, "value": "4711"}],
    },
    budget=8,
    selects=f"ticket {{ {TICKET} }}",
    least_role=Role.AGENT,
    edits=lambda has: has.ticket,
    app_permissions={Permission.TICKET_WRITE},
)


SHOWN = "ticket { subject content priority properties { name value } revision }"
SAID = {"subject": "a", "content": "b", "priority": "LOW", "properties": [{"name": "colour", "value": "red"}]}


@pytest.fixture
async def ticket(world: World) -> str:
    """The id of a ticket that says something of everything."""
    async with world.acting(Role.SUPER_ADMIN) as work:
        await properties.define_properties(work, ["Serial number", "Colour"])
    own: dict[str, str | None] = {"colour": "red"}
    made = await actions.open_ticket(world, "a", content="b", priority=Priority.LOW, properties=own)
    return global_id(Kind.TICKET, made)


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({"subject": " A "}, {"subject": "A"}),
        ({"content": "B"}, {"content": "B"}),
        ({"content": None}, {"content": ""}),
        ({"content": ""}, {"content": ""}),
        ({"priority": "URGENT"}, {"priority": "URGENT"}),
        ({"priority": None}, {"priority": None}),
        ({"properties": [{"name": "colour", "value": "blue"}]}, {"properties": [{"name": "colour", "value": "blue"}]}),
        ({"properties": [{"name": "colour", "value": None}]}, {"properties": []}),
        (
            {"properties": [{"name": "serial_number", "value": "1"}]},
            {"properties": [*SAID["properties"], {"name": "serial_number", "value": "1"}]},
        ),
    ],
)
async def test_only_what_is_given_changes(api: Api, world: World, ticket: str, given: Json, changed: Json) -> None:
    client = await api.client(world, Role.AGENT)

    done = await client.do("updateTicket", SHOWN, ticketId=ticket, **given)

    assert done == {"ticket": {**SAID, **changed, "revision": 2}, "userErrors": []}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"properties": None},
        {"properties": []},
        {"subject": "a ", "priority": "LOW"},
        {"properties": SAID["properties"]},
    ],
)
async def test_nothing_given_and_the_same_again_change_nothing(
    api: Api, world: World, ticket: str, given: Json
) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        done = await client.do("updateTicket", SHOWN, ticketId=ticket, **given)

    assert done == {"ticket": {**SAID, "revision": 1}, "userErrors": []}
    assert happened == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"subject": None}, "subject"),
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 501}, "subject"),
        ({"content": "x" * 65_537}, "content"),
        ({"properties": [{"name": "unheard_of", "value": None}]}, "properties"),
        ({"properties": [{"name": "colour", "value": "x" * 4001}]}, "properties"),
    ],
)
async def test_what_cannot_be_said_is_declined_and_nothing_changes(
    api: Api, world: World, ticket: str, given: Json, field: str
) -> None:
    client = await api.client(world)

    declined = await client.refused("updateTicket", ticketId=ticket, **{"priority": "HIGH", **given})
    after = await client.do("updateTicket", SHOWN, ticketId=ticket)

    assert (declined["__typename"], declined["code"]) == ("PlainError", "INVALID")
    assert declined["field"] == ["input", field]
    assert after["ticket"] == {**SAID, "revision": 1}


async def test_a_ticket_that_there_is_not_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("updateTicket", ticketId=unknown(Kind.TICKET), subject="x")

    assert (declined["__typename"], declined["code"]) == ("PlainError", "NOT_FOUND")
    assert declined["field"] == ["input", "ticketId"]


async def test_it_is_recorded_with_before_and_after(api: Api, world: World, ticket: str) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        await client.do("updateTicket", ticketId=ticket, subject="A", priority="HIGH")

    (event,) = happened
    assert (event.kind, event.before, event.after) == (
        "TICKET_UPDATED",
        {"subject": "a", "priority": "LOW"},
        {"subject": "A", "priority": "HIGH"},
    )


async def test_a_ticket_outside_the_edit_scope_is_shown_and_not_changed(api: Api, world: World, ticket: str) -> None:
    await db_state.execute(
        world, "UPDATE account_user SET edit_reach = 'NONE', edit_unassigned = false WHERE name = 'Agent'"
    )
    client = await api.client(world, Role.AGENT)

    declined = await client.refused("updateTicket", ticketId=ticket, subject="x")
    ability = await client.run("query ($id: ID) { ticket(id: $id) { viewerCan { edit { reason } } } }", id=ticket)

    assert (declined["__typename"], declined["code"]) == ("NotPermittedError", "NOT_PERMITTED")
    assert ability["ticket"]["viewerCan"]["edit"] == {"reason": declined["message"]}
