"""deactivateUser: the end of a membership (B19)."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import MEMBER
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"userId": has.user},
    budget=10,
    selects=f"member {{ {MEMBER} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.user,
)


async def test_the_user_is_inactive_and_their_next_request_is_unauthenticated(api: Api, world: World) -> None:
    agent = await api.client(world, Role.AGENT)

    done = await (await api.client(world)).do("deactivateUser", "member { state }", userId=gid(world.users[Role.AGENT]))

    assert (done["userErrors"], done["member"]) == ([], {"state": "INACTIVE"})
    assert await agent.code("{ viewer { user { id } } }") == "UNAUTHENTICATED"


async def test_the_last_super_admin_stays(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("deactivateUser", userId=gid(world.users[Role.SUPER_ADMIN]))

    assert (declined["code"], declined["field"]) == ("LAST_SUPER_ADMIN", ["input", "userId"])


async def test_an_inactive_user_is_not_deactivated_again(api: Api, scenery: Scenery) -> None:
    declined = await (await api.client(scenery.world)).refused("deactivateUser", userId=scenery.left)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "userId"])


async def test_an_unknown_user_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("deactivateUser", userId=unknown(Kind.USER))

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "userId"])
