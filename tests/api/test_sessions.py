"""sessions: where the viewer is signed in (B19)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from policies import Role
from tests.support import db_state
from tests.support.client import Api, Client
from tests.support.operations import Query
from tests.support.world import World, make_world

OPERATION = Query(
    example=lambda _: {},
    budget=1,
    selects="id lastUsedAt current",
)


SESSIONS = "{ sessions { id createdAt address lastUsedAt lastUsedAddress expiresAt current } }"
NODE = "query ($id: ID!) { node(id: $id) { ... on Session { id current } } }"


async def test_one_sees_ones_own_sessions_and_which_of_them_asks(api: Api, world: World) -> None:
    here, elsewhere = [await api.client(world, Role.AGENT) for _ in range(2)]
    await api.client(world, world.second_agent)

    seen, seen_elsewhere = [(await client.run(SESSIONS))["sessions"] for client in (here, elsewhere)]

    assert {each["id"] for each in seen} == {each["id"] for each in seen_elsewhere}
    assert [each["current"] for each in seen].count(True) == 1
    [mine] = [each["id"] for each in seen if each["current"]]
    [theirs] = [each["id"] for each in seen_elsewhere if each["current"]]
    assert mine != theirs
    assert datetime.fromisoformat(seen[0]["expiresAt"]) > datetime.now(UTC)


async def test_a_session_is_a_node_for_whose_it_is_and_nobody_else(api: Api, world: World) -> None:
    mine, another, stranger = [
        await api.client(world, who) for who in (Role.AGENT, Role.SUPER_ADMIN, world.second_agent)
    ]
    [session] = (await mine.run(SESSIONS))["sessions"]

    seen = [(await client.run(NODE, id=session["id"]))["node"] for client in (mine, another, stranger)]

    assert seen == [{"id": session["id"], "current": True}, None, None]


async def test_the_last_use_is_written_down_when_it_was_long_ago(api: Api, world: World) -> None:
    client = await api.client(world, Role.AGENT)
    [before] = (await client.run(SESSIONS))["sessions"]
    await db_state.execute(world, "UPDATE token SET last_used_at = now() - interval '1 hour'")
    async with api.reaching("203.0.113.9") as http:
        await Client(http, client.token).run("{ viewer { user { id } } }")

    [after] = (await client.run(SESSIONS))["sessions"]

    assert (before["lastUsedAddress"], after["lastUsedAddress"]) == (None, "203.0.113.9")
    assert datetime.now(UTC) - datetime.fromisoformat(after["lastUsedAt"]) < timedelta(minutes=5)


async def test_a_use_that_cannot_be_written_down_fails_nothing(api: Api, world: World) -> None:
    client = await api.client(world, Role.AGENT)
    await db_state.execute(world, "UPDATE token SET last_used_at = now() - interval '1 hour'")
    async with world.acting(Role.OPERATOR) as work:
        await work.session.execute(text("LOCK TABLE token IN SHARE ROW EXCLUSIVE MODE"))

        assert (await client.run("{ viewer { user { name } } }"))["viewer"]["user"] == {"name": "Agent"}


async def test_sessions_of_another_account_are_none_of_them(api: Api, world: World) -> None:
    domain = (world.users[Role.AGENT].email or "").split("@")[1]
    second = await make_world(world.sessions, email=domain)
    here, there = await api.client(world, Role.AGENT), await api.client(second, Role.AGENT)

    [mine], [theirs] = [(await client.run(SESSIONS))["sessions"] for client in (here, there)]

    assert mine["id"] != theirs["id"]
    assert (await here.run(NODE, id=theirs["id"]))["node"] is None
