"""node: anything by its global id."""

import pytest

from policies import Role
from schema.ids import Kind
from tests.support import actions
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Query

OPERATION = Query(
    example=lambda has: {"id": has.ticket},
    budget=2,
    selects="id ... on Ticket { subject }",
)


NODE = """query ($id: ID!) { node(id: $id) { __typename id
  ... on Account { name } ... on Pipeline { stages { label } } ... on Stage { state }
  ... on Ticket { key stage { id } } ... on User { email } ... on Team { active } } }"""


async def test_everything_is_found_by_its_own_id(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world, Role.VIEWER)
    account = (await client.run("{ account { id } }"))["account"]["id"]
    ids = {
        "Account": account,
        "Pipeline": scenery.pipeline,
        "Stage": scenery.stage,
        "Ticket": scenery.ticket,
        "User": scenery.user,
        "Team": scenery.team,
    }

    for name, own in ids.items():
        node = (await client.run(NODE, id=own))["node"]

        assert (node["__typename"], node["id"]) == (name, own)
        assert len(node) > 2
        assert all(value is not None for value in node.values())


@pytest.mark.parametrize("kind", Kind)
async def test_there_is_no_node_of_an_id_that_nothing_has(api: Api, still_life: Scenery, kind: Kind) -> None:
    client = await api.client(still_life.world)

    assert await client.run(NODE, id=unknown(kind)) == {"node": None}


async def test_what_is_deleted_is_no_node(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)
    await client.do("deleteTicket", ticketId=scenery.ticket)
    await actions.delete_stage(scenery.world, "waiting_on_us")

    for gone in (scenery.ticket, scenery.empty):
        assert await client.run(NODE, id=gone) == {"node": None}


async def test_a_stage_is_the_same_by_itself_and_in_its_pipeline(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world)
    fields = "id internalName label state position revision pipelineId"

    data = await client.run(
        f"query ($id: ID!, $of: ID!) {{ node(id: $id) {{ ... on Stage {{ {fields} }} }}"
        f" pipeline(id: $of) {{ stages {{ {fields} }} }} }}",
        id=still_life.stage,
        of=still_life.pipeline,
    )

    assert data["node"] == data["pipeline"]["stages"][0]
    assert data["node"]["id"] == gid((await still_life.world.pipeline()).stages[0])
