"""signOut: the end of the token that the request was sent with."""

from policies import Role
from tests.support import db_state
from tests.support.client import Api, Client
from tests.support.operations import Apart
from tests.support.world import World

OPERATION = Apart("It takes no input, and ends the token it comes with.")


SIGN_OUT = "mutation { signOut { userErrors { code } } }"
WHO = "{ viewer { user { name } } }"


async def test_the_token_ends_at_once_and_no_other(api: Api, world: World) -> None:
    here, elsewhere = await api.client(world, Role.AGENT), await api.client(world, Role.AGENT)

    done = await here.run(SIGN_OUT)

    assert done == {"signOut": {"userErrors": []}}
    assert await here.code(WHO) == "UNAUTHENTICATED"
    assert await here.code(SIGN_OUT) == "UNAUTHENTICATED"
    assert (await elsewhere.run(WHO))["viewer"] == {"user": {"name": "Agent"}}


async def test_it_is_recorded_with_the_address_that_asked(api: Api, world: World) -> None:
    client = await api.client(world, Role.AGENT)
    async with api.reaching("203.0.113.77") as http, db_state.recorded(world) as happened:
        await Client(http, client.token).run(SIGN_OUT)

    (event,) = happened
    assert (event.kind, event.object_id, event.address) == ("SIGNED_OUT", world.users[Role.AGENT].id, "203.0.113.77")


async def test_what_comes_after_it_in_the_same_request_is_unauthenticated(api: Api, world: World) -> None:
    client = await api.client(world)

    (error,) = await client.errors(f"mutation {{ first: {SIGN_OUT[11:-2]} second: {SIGN_OUT[11:-2]} }}")

    assert (error["path"], error["extensions"]["code"]) == (["second"], "UNAUTHENTICATED")
