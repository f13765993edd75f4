"""deleteTicket: it leaves boards, counts and lists (settled choice 7)."""

from policies import Permission, Role
from schema.ids import Kind, global_id
from tests.support import actions, db_state
from tests.support.client import Api
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"ticketId": has.ticket},
    budget=8,
    selects="",
    least_role=Role.AGENT,
    edits=lambda has: has.ticket,
    app_permissions={Permission.TICKET_DELETE},
)


SHOWN = "deletedTicketId"
BOARD = "{ board { stages { totalCount cards { nodes { subject } } } } }"


async def test_it_leaves_everything_and_keeps_its_history(api: Api, world: World) -> None:
    made, _ = await actions.open_tickets(world, "a", "b")
    client, ticket = await api.client(world, Role.AGENT), global_id(Kind.TICKET, made)

    async with db_state.recorded(world) as happened:
        done = await client.do("deleteTicket", SHOWN, ticketId=ticket)

    assert done == {"deletedTicketId": ticket, "userErrors": []}
    board = (await client.run(BOARD))["board"]["stages"][0]
    assert board == {"totalCount": 1, "cards": {"nodes": [{"subject": "b"}]}}
    (event,) = happened
    assert (event.kind, event.actor_id) == ("TICKET_DELETED", world.users[Role.AGENT].id)
    assert (await db_state.ticket(world, made)).archived_at
    await db_state.assert_sound(world)


async def test_what_is_deleted_is_not_found(api: Api, world: World) -> None:
    deleted = global_id(Kind.TICKET, await actions.open_ticket(world))
    client = await api.client(world)
    await client.do("deleteTicket", ticketId=deleted)

    for ticket in (deleted, unknown(Kind.TICKET)):
        declined = await client.refused("deleteTicket", ticketId=ticket)

        assert (declined["__typename"], declined["code"]) == ("PlainError", "NOT_FOUND")
        assert declined["field"] == ["input", "ticketId"]


async def test_a_deleted_card_is_no_neighbour(api: Api, world: World) -> None:
    first, second = [global_id(Kind.TICKET, made) for made in await actions.open_tickets(world, "a", "b")]
    client = await api.client(world)
    await client.do("deleteTicket", ticketId=first)

    declined = await client.refused("moveTicket", ticketId=second, place={"after": first})

    assert declined["code"] == "PLACE_GONE"
