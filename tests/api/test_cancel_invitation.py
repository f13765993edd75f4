"""cancelInvitation: the end of an invitation."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import MEMBER
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"userId": has.invited},
    budget=10,
    selects=f"member {{ {MEMBER} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.invited,
)


async def test_the_token_ends_and_the_user_is_inactive(api: Api, scenery: Scenery) -> None:
    done = await (await api.client(scenery.world)).do("cancelInvitation", "member { state }", userId=scenery.invited)

    assert (done["userErrors"], done["member"]) == ([], {"state": "INACTIVE"})


async def test_a_user_without_an_open_invitation_is_declined(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("cancelInvitation", userId=gid(world.users[Role.AGENT]))

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "userId"])


async def test_an_unknown_user_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("cancelInvitation", userId=unknown(Kind.USER))

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "userId"])
