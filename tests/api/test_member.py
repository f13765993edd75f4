"""member: one user in any state, for people managers."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(
    example=lambda has: {"userId": has.user}, budget=4, selects="state roles customRoles { name } teams { name }"
)

MEMBER = "query ($id: ID!) { member(userId: $id) { state roles user { id } } }"


async def test_a_member_is_found_in_any_state(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    states = {each: (await client.run(MEMBER, id=each))["member"]["state"] for each in (scenery.invited, scenery.left)}

    assert states == {scenery.invited: "INVITED", scenery.left: "INACTIVE"}


async def test_an_unknown_user_and_a_viewer_who_manages_nobody_get_null(api: Api, world: World) -> None:
    agent = gid(world.users[Role.AGENT])

    assert (await (await api.client(world)).run(MEMBER, id=unknown(Kind.USER)))["member"] is None
    assert (await (await api.client(world, Role.AGENT)).run(MEMBER, id=agent))["member"] is None
