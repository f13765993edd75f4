"""updateApp: what an API app is called, may do and reaches."""

from policies import Permission, Role
from tests.support.app_actions import make_robot
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid
from tests.support.operations import Mutation
from tests.support.selections import APP
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "appId": has.app,
        "name": "Renamed",
        "permissions": ["ticket:view"],
        "reach": "LISTED",
        "pipelineIds": [has.pipeline],
    },
    budget=11,
    selects=f"app {{ {APP} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.app,
)


APP = "app { name permissions reach pipelines { id } revision }"


async def test_what_is_given_changes_and_what_is_left_out_stays(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    renamed = await client.do("updateApp", APP, appId=scenery.app, name="Renamed", expectedRevision=1)
    widened = await client.do("updateApp", APP, appId=scenery.app, reach="ALL", permissions=["ticket:view"])

    assert renamed["app"] == {
        "name": "Renamed",
        "permissions": ["pipeline:view"],
        "reach": "LISTED",
        "pipelines": [{"id": scenery.pipeline}],
        "revision": 2,
    }
    assert widened["app"] == {
        "name": "Renamed",
        "permissions": ["ticket:view"],
        "reach": "ALL",
        "pipelines": [],
        "revision": 3,
    }


async def test_a_change_holds_from_the_next_request_on(api: Api, world: World) -> None:
    robot = await make_robot(world, Permission.PIPELINE_VIEW)
    admin, bearing = await api.client(world), api.bearing(robot.token)
    support = gid(await world.pipeline())
    assert (await bearing.run("{ pipelines { id } }"))["pipelines"] == [{"id": support}]

    await admin.do("updateApp", appId=robot.gid, reach="LISTED", pipelineIds=[])

    assert (await bearing.run("{ pipelines { id } }"))["pipelines"] == []
    await admin.do("updateApp", appId=robot.gid, pipelineIds=[support])
    assert (await bearing.run("{ pipelines { id } }"))["pipelines"] == [{"id": support}]
    await admin.do("updateApp", appId=robot.gid, permissions=["ticket:view"])
    assert (await bearing.run("{ pipelines { id } }"))["pipelines"] == []


async def test_a_stale_change_is_a_conflict(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)
    await client.do("updateApp", appId=scenery.app, name="First")

    refused = await client.refused("updateApp", appId=scenery.app, name="Second", expectedRevision=1)

    assert (refused["code"], refused["revision"]) == ("CONFLICT", 2)


async def test_a_list_belongs_to_the_reach_listed(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    refused = await client.refused("updateApp", appId=scenery.app, reach="EVERYONE", pipelineIds=[scenery.pipeline])

    assert (refused["code"], refused["field"]) == ("INVALID", ["input", "pipelineIds"])
