"""invitation: what the holder of a token sees before accepting."""

from tests.support import member_actions
from tests.support.client import Api
from tests.support.operations import Apart
from tests.support.world import World

OPERATION = Apart("It takes no token of a session.")

INVITATION = "query ($token: String!) { invitation(token: $token) { accountName email name expiresAt } }"


async def test_the_token_shows_account_address_and_name(api: Api, world: World) -> None:
    email = f"kim@{world.slug}.test"
    invited = await member_actions.invite(world, email, name="Kim")

    shown = (await api.nobody.run(INVITATION, token=invited.token))["invitation"]

    assert (shown["email"], shown["name"]) == (email, "Kim")
    assert shown["accountName"]
    assert shown["expiresAt"]


async def test_a_cancelled_or_unknown_invitation_is_null(api: Api, world: World) -> None:
    invited = await member_actions.invite(world)
    await member_actions.cancel(world, invited.user_id)

    for token in (invited.token, "nonsense"):
        assert (await api.nobody.run(INVITATION, token=token))["invitation"] is None
