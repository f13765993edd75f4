"""Cancelling an invitation."""

import pytest

from domain.accounts import UserState
from domain.errors import NotFound
from tests.support import db_state
from tests.support.member_actions import accept, cancel, find, invite, renew
from tests.support.world import World


async def test_a_cancelled_invitation_leads_nowhere_until_it_is_renewed(world: World) -> None:
    first = await invite(world)

    async with db_state.recorded(world) as happened:
        await cancel(world, first.user_id)

    with pytest.raises(NotFound):
        await accept(world, first.token)
    user = (await find(world, first.user_id)).user
    assert (user.state, user.revision) == (UserState.INACTIVE, 2)
    [event] = happened
    assert (event.kind, event.before, event.after) == (
        "INVITATION_CANCELLED",
        {"state": "INVITED"},
        {"state": "INACTIVE"},
    )
    again = await renew(world, first.user_id)
    assert (await accept(world, again.token)).state is UserState.ACTIVE
