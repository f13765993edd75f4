"""adoptApp: another super admin answers for an API app."""

from policies import Role
from schema.ids import Kind
from tests.support.app_actions import demote, make_robot, second_admin
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import APP
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"appId": has.app},
    budget=7,
    selects=f"app {{ {APP} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.app,
)


APP = "app { state sponsor { id } createdBy { id } revision }"
ME = "{ viewer { app { state } } }"


async def test_an_app_whose_maker_was_demoted_is_suspended_until_it_is_adopted(api: Api, world: World) -> None:
    robot, other = await make_robot(world), await second_admin(world)
    bearing = api.bearing(robot.token)
    await bearing.run(ME)

    await demote(world, world.users[Role.SUPER_ADMIN])

    client = await api.client(world, other)
    assert await bearing.code(ME) == "UNAUTHENTICATED"
    assert (await client.run("query ($id: ID!) { app(id: $id) { state } }", id=robot.gid))["app"] == {
        "state": "SUSPENDED"
    }
    done = await client.do("adoptApp", APP, appId=robot.gid, expectedRevision=1)
    assert done["app"] == {
        "state": "ACTIVE",
        "sponsor": {"id": gid(other)},
        "createdBy": {"id": gid(world.users[Role.SUPER_ADMIN])},
        "revision": 2,
    }
    assert await bearing.run(ME) == {"viewer": {"app": {"state": "ACTIVE"}}}


async def test_an_app_that_never_was_is_not_found(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    refused = await client.refused("adoptApp", appId=unknown(Kind.APP))

    assert (refused["code"], refused["field"]) == ("NOT_FOUND", ["input", "appId"])


async def test_a_stale_adoption_is_a_conflict(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    refused = await client.refused("adoptApp", appId=scenery.app, expectedRevision=3)

    assert (refused["code"], refused["revision"]) == ("CONFLICT", 1)
