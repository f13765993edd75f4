"""reactivateUser: a user who left may sign in again."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import MEMBER
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"userId": has.left},
    budget=11,
    selects=f"member {{ {MEMBER} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.left,
)


async def test_the_user_is_active_with_the_roles_that_they_had(api: Api, scenery: Scenery) -> None:
    done = await (await api.client(scenery.world)).do("reactivateUser", "member { state roles }", userId=scenery.left)

    assert (done["userErrors"], done["member"]) == ([], {"state": "ACTIVE", "roles": ["AGENT"]})


async def test_an_active_user_is_not_reactivated(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("reactivateUser", userId=gid(world.users[Role.AGENT]))

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "userId"])


async def test_an_unknown_user_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("reactivateUser", userId=unknown(Kind.USER))

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "userId"])
