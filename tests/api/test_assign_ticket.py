"""assignTicket: to a user, a team or both; what is left out stays, null takes it away."""

import pytest

from domain.accounts import User, ensure_placeholders
from policies import Permission, Role
from schema.ids import Kind, global_id
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import TICKET
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"ticketId": has.ticket, "ownerId": has.user, "teamId": has.team},
    budget=9,
    selects=f"ticket {{ {TICKET} }}",
    least_role=Role.AGENT,
    edits=lambda has: has.ticket,
    app_permissions={Permission.TICKET_WRITE},
)


SHOWN = "ticket { owner { name } team { name } revision }"


@pytest.fixture
async def ticket(world: World) -> str:
    """The id of a ticket that is the agent's and the blue team's."""
    owner, team = world.users[Role.AGENT].id, world.teams["blue"].id
    return global_id(Kind.TICKET, await actions.open_ticket(world, owner=owner, team=team))


@pytest.mark.parametrize(
    ("given", "owner", "team"),
    [
        ({"ownerId": "second"}, "Second Agent", "Blue"),
        ({"teamId": "red"}, "Agent", "Red"),
        ({"ownerId": "second", "teamId": "red"}, "Second Agent", "Red"),
        ({"ownerId": None}, None, "Blue"),
        ({"teamId": None}, "Agent", None),
        ({"ownerId": None, "teamId": None}, None, None),
        ({"ownerId": "second", "teamId": None}, "Second Agent", None),
    ],
)
async def test_only_what_is_given_changes(
    api: Api, world: World, ticket: str, given: Json, owner: str | None, team: str | None
) -> None:
    ids = {"second": gid(world.second_agent), "red": gid(world.teams["red"]), None: None}
    client = await api.client(world, Role.AGENT)

    done = await client.do("assignTicket", SHOWN, ticketId=ticket, **{name: ids[to] for name, to in given.items()})

    assert done["userErrors"] == []
    assert done["ticket"] == {
        "owner": owner and {"name": owner},
        "team": team and {"name": team},
        "revision": 2,
    }


async def test_nothing_given_and_the_same_again_change_nothing(api: Api, world: World, ticket: str) -> None:
    client, agent = await api.client(world), gid(world.users[Role.AGENT])

    async with db_state.recorded(world) as happened:
        for given in ({}, {"ownerId": agent}):
            done = await client.do("assignTicket", SHOWN, ticketId=ticket, **given)
            assert (done["userErrors"], done["ticket"]["revision"]) == ([], 1)

    assert happened == []


async def test_who_is_not_there_or_not_active_is_not_found(api: Api, world: World, ticket: str) -> None:
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Viewer'")
    await db_state.execute(world, "UPDATE team SET active = false WHERE name = 'Red'")
    async with world.acting(Role.OPERATOR) as work:
        placeholders, _ = await ensure_placeholders(work, User, "incidents", ["Resolver 17"])
    client = await api.client(world)
    cases = [
        ("ownerId", unknown(Kind.USER)),
        ("ownerId", gid(world.users[Role.VIEWER])),
        ("ownerId", global_id(Kind.USER, placeholders["Resolver 17"])),
        ("teamId", unknown(Kind.TEAM)),
        ("teamId", gid(world.teams["red"])),
    ]

    for field, whom in cases:
        declined = await client.refused("assignTicket", ticketId=ticket, **{field: whom})

        assert (declined["__typename"], declined["code"]) == ("PlainError", "NOT_FOUND")
        assert declined["field"] == ["input", field]


async def test_a_ticket_that_there_is_not_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("assignTicket", ticketId=unknown(Kind.TICKET), ownerId=None)

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "ticketId"])


async def test_who_gives_it_out_of_their_own_sight_is_shown_nothing(api: Api, world: World, ticket: str) -> None:
    scope = "view_reach = 'OWN', view_unassigned = false"
    await db_state.execute(world, f"UPDATE account_user SET {scope} WHERE name = 'Agent'")  # noqa: S608
    client = await api.client(world, Role.AGENT)

    done = await client.do("assignTicket", SHOWN, ticketId=ticket, ownerId=gid(world.second_agent))

    assert done == {"ticket": None, "userErrors": []}


async def test_it_is_recorded_with_before_and_after(api: Api, world: World, ticket: str) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        await client.do("assignTicket", ticketId=ticket, ownerId=gid(world.second_agent))

    (event,) = happened
    assert (event.kind, event.before, event.after) == (
        "TICKET_ASSIGNED",
        {"owner": str(world.users[Role.AGENT].id)},
        {"owner": str(world.second_agent.id)},
    )
