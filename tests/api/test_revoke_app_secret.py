"""revokeAppSecret: one secret ends at once."""

from policies import Role
from schema.ids import Kind, global_id
from tests.support.app_actions import make_robot
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.selections import APP
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"secretId": has.app_secret},
    budget=11,
    selects=f"app {{ {APP} }}",
    least_role=Role.SUPER_ADMIN,
    edits=None,
)


ME = "{ viewer { app { id } } }"


async def test_the_next_request_by_a_revoked_secret_is_turned_away(api: Api, world: World) -> None:
    robot = await make_robot(world)
    client, bearing = await api.client(world), api.bearing(robot.token)
    await bearing.run(ME)
    (secret,) = await robot.secrets()

    done = await client.do(
        "revokeAppSecret", "app { state secrets { state } }", secretId=global_id(Kind.APP_SECRET, secret.id)
    )

    assert done["app"] == {"state": "ACTIVE", "secrets": [{"state": "REVOKED"}]}
    assert await bearing.code(ME) == "UNAUTHENTICATED"
    assert await bearing.code("mutation { signOut { userErrors { code } } }") == "UNAUTHENTICATED"


async def test_a_secret_that_never_was_is_not_found(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    for nothing in (unknown(Kind.APP_SECRET), scenery.app):
        refused = await client.refused("revokeAppSecret", secretId=nothing)

        assert (refused["code"], refused["field"]) == ("NOT_FOUND", ["input", "secretId"])
