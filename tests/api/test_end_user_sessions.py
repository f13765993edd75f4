"""endUserSessions: all sessions of somebody end, say for a lost laptop (B19)."""

from policies import Role
from tests.support import db_state
from tests.support.client import Api
from tests.support.ids import gid
from tests.support.operations import Mutation
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"userId": has.user},
    budget=3,
    selects="",
    least_role=Role.SUPER_ADMIN,
    edits=None,
)


WHO = "{ viewer { user { name } } }"


async def test_all_sessions_of_a_user_end_and_it_is_recorded(api: Api, world: World) -> None:
    admin, another = await api.client(world), await api.client(world, world.second_agent)
    lost = [await api.client(world, Role.AGENT) for _ in range(2)]
    agent = world.users[Role.AGENT]

    async with db_state.recorded(world) as happened:
        done = await admin.do("endUserSessions", userId=gid(agent))

    assert done == {"userErrors": []}
    assert [await client.code(WHO) for client in lost] == ["UNAUTHENTICATED"] * 2
    assert (await another.run(WHO))["viewer"]["user"] == {"name": "Second Agent"}
    [event] = happened
    assert (event.kind, event.object_id) == ("SESSION_REVOKED", agent.id)
    assert event.actor_id == world.users[Role.SUPER_ADMIN].id


async def test_of_ones_own_sessions_the_one_that_asks_goes_on(api: Api, world: World) -> None:
    here, lost = await api.client(world), await api.client(world)

    await here.do("endUserSessions", userId=gid(world.users[Role.SUPER_ADMIN]))

    assert await lost.code(WHO) == "UNAUTHENTICATED"
    assert (await here.run(WHO))["viewer"]["user"] == {"name": "Super_Admin"}


async def test_whoever_manages_no_people_ends_no_sessions_but_their_own(api: Api, world: World) -> None:
    editor, agent = await api.client(world, Role.SETTINGS_EDITOR), await api.client(world, Role.AGENT)

    refused = await editor.refused("endUserSessions", userId=gid(world.users[Role.AGENT]))

    assert (refused["code"], refused["permission"]) == ("NOT_PERMITTED", "people:manage")
    assert (await agent.run(WHO))["viewer"]["user"] == {"name": "Agent"}
