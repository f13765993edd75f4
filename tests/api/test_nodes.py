"""nodes: many things at once, in the order they were asked for."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import Query
from tests.support.statements import counting

OPERATION = Query(
    example=lambda has: {"ids": [has.ticket, has.pipeline, has.stage, has.user, has.team]},
    budget=5,
    selects="id",
)


NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def test_things_come_in_the_order_they_were_asked_for(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world, Role.VIEWER)
    ids = [
        still_life.team,
        still_life.ticket,
        still_life.stage,
        still_life.ticket,
        still_life.user,
        still_life.pipeline,
    ]

    nodes = (await client.run(NODES, ids=ids))["nodes"]

    assert [node["id"] for node in nodes] == ids
    assert [node["__typename"] for node in nodes] == ["Team", "Ticket", "Stage", "Ticket", "User", "Pipeline"]


async def test_null_stands_for_each_that_there_is_not(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world)
    ids = [unknown(Kind.TICKET), still_life.ticket, unknown(Kind.ACCOUNT), unknown(Kind.TEAM)]

    nodes = (await client.run(NODES, ids=ids))["nodes"]

    assert nodes == [None, {"__typename": "Ticket", "id": still_life.ticket}, None, None]


async def test_one_that_never_was_an_id_fails_them_all(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world)

    assert await client.code(NODES, ids=[still_life.ticket, "garbage"]) == "BAD_USER_INPUT"


async def test_at_most_100_are_taken(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world)

    most = await client.run(NODES, ids=[still_life.ticket] * 100)
    (error,) = await client.errors(NODES, ids=[still_life.ticket] * 101)

    assert len(most["nodes"]) == 100
    assert (error["extensions"]["code"], "at most 100" in error["message"]) == ("BAD_USER_INPUT", True)


async def test_none_are_none_at_no_cost(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world)

    with counting(api.engine) as counted:
        assert await client.run(NODES, ids=[]) == {"nodes": []}

    assert counted.own == []


async def test_things_of_one_kind_are_found_together(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world)

    with counting(api.engine) as counted:
        await client.run(NODES, ids=[still_life.ticket, still_life.neighbour, still_life.closed])

    # The tickets, and the pipelines that they are in.
    assert len(counted.own) == 2
