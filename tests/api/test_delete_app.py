"""deleteApp: nothing comes in by it any more."""

from policies import Role
from tests.support.app_actions import make_robot
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.operations import Mutation
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"appId": has.app},
    budget=5,
    selects="",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.app,
)


async def test_a_deleted_app_is_gone_and_its_secret_with_it(api: Api, world: World) -> None:
    robot = await make_robot(world)
    client = await api.client(world)

    done = await client.do("deleteApp", "deletedAppId", appId=robot.gid, expectedRevision=1)

    assert done == {"deletedAppId": robot.gid, "userErrors": []}
    assert await api.bearing(robot.token).code("{ account { id } }") == "UNAUTHENTICATED"
    assert await client.run("query ($id: ID!) { app(id: $id) { id } apps { id } }", id=robot.gid) == {
        "app": None,
        "apps": [],
    }


async def test_a_stale_deletion_is_a_conflict_and_a_second_one_not_found(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    stale = await client.refused("deleteApp", appId=scenery.app, expectedRevision=2)
    await client.do("deleteApp", appId=scenery.app)
    again = await client.refused("deleteApp", appId=scenery.app)

    assert (stale["code"], again["code"], again["field"]) == ("CONFLICT", "NOT_FOUND", ["input", "appId"])
