"""app: one API app, also as a node, for those who manage apps and for itself."""

from uuid import UUID

import pytest

from policies import Permission, Role
from schema.ids import Kind, global_id
from tests.support.app_actions import make_robot
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import Query
from tests.support.selections import APP
from tests.support.world import PEOPLE, World

OPERATION = Query(
    example=lambda has: {"id": has.app},
    budget=5,
    selects=APP,
)


BY_EVERY_NAME = """query ($id: ID!, $secret: ID!) {
  app(id: $id) { id }
  node(id: $id) { id __typename ... on App { name pipelines { id stages { id } } } }
  nodes(ids: [$secret]) { id __typename ... on AppSecret { state } }
}"""
NOTHING = {"app": None, "node": None, "nodes": [None]}


async def test_an_app_and_its_secrets_are_found_by_their_ids(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    found = await client.run(BY_EVERY_NAME, id=scenery.app, secret=scenery.app_secret)

    assert found["app"] == {"id": scenery.app}
    assert (found["node"]["__typename"], found["node"]["name"]) == ("App", "Home robot")
    assert found["node"]["pipelines"][0]["id"] == scenery.pipeline
    assert found["nodes"] == [{"id": scenery.app_secret, "__typename": "AppSecret", "state": "ACTIVE"}]


@pytest.mark.parametrize("role", [role for role in PEOPLE if role is not Role.SUPER_ADMIN])
async def test_for_everybody_else_there_is_none(api: Api, still_life: Scenery, role: Role) -> None:
    client = await api.client(still_life.world, role)

    assert await client.run(BY_EVERY_NAME, id=still_life.app, secret=still_life.app_secret) == NOTHING


async def test_an_app_sees_itself_and_no_other(api: Api, world: World) -> None:
    robot, other = await make_robot(world, Permission.PIPELINE_VIEW), await make_robot(world)
    bearing = api.bearing(robot.token)

    def ids(of: UUID, secret: UUID) -> dict[str, str]:
        return {"id": global_id(Kind.APP, of), "secret": global_id(Kind.APP_SECRET, secret)}

    itself = await bearing.run(BY_EVERY_NAME, **ids(robot.id, (await robot.secrets())[0].id))
    another = await bearing.run(BY_EVERY_NAME, **ids(other.id, (await other.secrets())[0].id))

    assert itself["app"]["id"] == itself["node"]["id"] == robot.gid
    assert itself["nodes"][0]["state"] == "ACTIVE"
    assert another == NOTHING


async def test_what_never_was_is_none(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world)

    assert await client.run(BY_EVERY_NAME, id=unknown(Kind.APP), secret=unknown(Kind.APP_SECRET)) == NOTHING
