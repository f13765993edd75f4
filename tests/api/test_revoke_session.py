"""revokeSession, revokeOtherSessions: the ends of the viewer's own sessions, from the next request on (B19)."""

from policies import Role
from schema.ids import Kind
from tests.support import db_state
from tests.support.client import Api, Client, mutation
from tests.support.ids import gid, unknown
from tests.support.operations import Apart
from tests.support.world import World

OPERATION = Apart("It is about the sessions of the token's user.")


WHO = "{ viewer { user { name } } }"
SESSION = "revokedSessionId"


async def own_id(client: Client) -> str:
    """The id of the session that asks."""
    sessions = (await client.run("{ sessions { id current } }"))["sessions"]
    return next(str(each["id"]) for each in sessions if each["current"])


async def test_a_session_ends_and_the_one_that_asks_goes_on(api: Api, world: World) -> None:
    here, lost = [await api.client(world, Role.AGENT) for _ in range(2)]
    ended = await own_id(lost)

    done = await here.do("revokeSession", SESSION, sessionId=ended, idempotencyKey="once")
    again = await here.do("revokeSession", SESSION, sessionId=ended, idempotencyKey="once")
    anew = await here.do("revokeSession", SESSION, sessionId=ended)

    assert done == again == {"revokedSessionId": ended, "userErrors": []}
    assert await lost.code(WHO) == "UNAUTHENTICATED"
    assert await own_id(here)
    assert [error["code"] for error in anew["userErrors"]] == ["NOT_FOUND"]


async def test_the_session_that_asks_may_end_itself(api: Api, world: World) -> None:
    client = await api.client(world, Role.AGENT)

    done = await client.do("revokeSession", SESSION, sessionId=await own_id(client))

    assert done["userErrors"] == []
    assert await client.code(WHO) == "UNAUTHENTICATED"


async def test_a_session_of_somebody_else_does_not_exist(api: Api, world: World) -> None:
    admin, agent = await api.client(world), await api.client(world, Role.AGENT)
    theirs = await own_id(agent)

    answers = [await admin.do("revokeSession", SESSION, sessionId=each) for each in (theirs, unknown(Kind.SESSION))]

    assert answers[0] == answers[1]
    assert [error["code"] for error in answers[0]["userErrors"]] == ["NOT_FOUND"]
    assert answers[0]["userErrors"][0]["field"] == ["input", "sessionId"]
    assert await own_id(agent) == theirs


async def test_other_ids_are_of_no_session_and_other_texts_are_no_ids(api: Api, world: World) -> None:
    client = await api.client(world)
    document = mutation("revokeSession", SESSION)

    [refused] = (await client.do("revokeSession", SESSION, sessionId=gid(world.users[Role.AGENT])))["userErrors"]
    [wrong] = await client.errors(document, input={"sessionId": "17"})

    assert refused["code"] == "NOT_FOUND"
    assert wrong["extensions"]["code"] == "BAD_USER_INPUT"


async def test_all_other_sessions_end_together(api: Api, world: World) -> None:
    here, *lost = [await api.client(world, Role.AGENT) for _ in range(3)]
    another = await api.client(world, world.second_agent)

    done = await here.do("revokeOtherSessions", "sessions { id current }")
    async with db_state.recorded(world) as happened:
        again = await here.do("revokeOtherSessions", "sessions { id current }")

    assert done == again == {"sessions": [{"id": await own_id(here), "current": True}], "userErrors": []}
    assert [await client.code(WHO) for client in lost] == ["UNAUTHENTICATED"] * 2
    assert await own_id(another)
    assert happened == []


async def test_without_a_token_there_is_nothing_to_end(api: Api) -> None:
    document = "mutation { revokeOtherSessions(input: {}) { userErrors { code } } }"

    assert await api.nobody.code(document) == "UNAUTHENTICATED"
