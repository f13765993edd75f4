"""acceptInvitation: a person joins an account by the token of an invitation (decision 19)."""

import pytest

from tests.support import member_actions
from tests.support.client import Api
from tests.support.operations import Apart
from tests.support.world import World

OPERATION = Apart("It takes no token of a session.")

GOOD = "a long enough password"


async def test_a_new_person_chooses_a_password_and_is_signed_in(api: Api, world: World) -> None:
    invited = await member_actions.invite(world, name="Kim")

    done = await api.nobody.do(
        "acceptInvitation", "token expiresAt user { name active }", token=invited.token, password=GOOD
    )

    assert done["userErrors"] == []
    assert done["user"] == {"name": "Kim", "active": True}
    viewer = await api.bearing(done["token"]).run("{ viewer { user { name } roles } }")
    assert viewer["viewer"] == {"user": {"name": "Kim"}, "roles": ["AGENT"]}


async def test_a_token_is_used_once(api: Api, world: World) -> None:
    invited = await member_actions.invite(world)
    await api.nobody.do("acceptInvitation", token=invited.token, password=GOOD)

    declined = await api.nobody.refused("acceptInvitation", token=invited.token, password=GOOD)

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "token"])


async def test_a_short_password_is_declined_and_the_invitation_stays_open(api: Api, world: World) -> None:
    invited = await member_actions.invite(world)

    declined = await api.nobody.refused("acceptInvitation", token=invited.token, password="short")
    done = await api.nobody.do("acceptInvitation", "user { active }", token=invited.token, password=GOOD)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "password"])
    assert done["user"] == {"active": True}


@pytest.mark.parametrize("token", ["", "nonsense", "sgi_nonsense"])
async def test_a_text_that_is_no_token_is_not_found(api: Api, token: str) -> None:
    declined = await api.nobody.refused("acceptInvitation", token=token, password=GOOD)

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "token"])
