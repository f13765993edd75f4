"""revokeOtherSessions: the end of the sessions of the viewer but this one (B19)."""

from policies import Role
from tests.support.client import Api
from tests.support.operations import Apart
from tests.support.world import World

OPERATION = Apart("It is about the token that it comes with.")


async def test_the_other_sessions_end_and_this_one_stays(api: Api, world: World) -> None:
    here, there = await api.client(world, Role.AGENT), await api.client(world, Role.AGENT)

    done = await here.do("revokeOtherSessions", "sessions { current }")

    assert (done["userErrors"], done["sessions"]) == ([], [{"current": True}])
    assert await there.code("{ viewer { user { id } } }") == "UNAUTHENTICATED"


async def test_the_sessions_of_other_users_stay(api: Api, world: World) -> None:
    other = await api.client(world, Role.VIEWER)

    await (await api.client(world, Role.AGENT)).do("revokeOtherSessions")

    assert (await other.run("{ viewer { user { name } } }"))["viewer"]["user"] == {"name": "Viewer"}
