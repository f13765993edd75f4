"""Renewing an invitation (B20)."""

import pytest
from sqlalchemy import select

from domain.errors import Conflict, NotFound
from domain.people import Invitation
from tests.support import concurrency, db_state
from tests.support.member_actions import accept, expire, invite, renew
from tests.support.world import World


async def test_renewing_ends_the_old_token_and_gives_a_new_one(world: World) -> None:
    first = await invite(world)
    await expire(world, first.user_id)

    async with db_state.recorded(world) as happened:
        second = await renew(world, first.user_id)

    with pytest.raises(NotFound):
        await accept(world, first.token)
    joined = await accept(world, second.token)
    assert joined.id == first.user_id
    [event] = happened
    assert (event.kind, event.before) == ("INVITATION_RENEWED", {"state": "INVITED"})
    assert event.after == {"state": "INVITED", "expiresAt": second.expires_at.isoformat()}


async def test_one_of_two_who_renew_at_once_goes_first_and_the_last_token_holds(world: World) -> None:
    invited = await invite(world)

    made = await concurrency.together(renew(world, invited.user_id), renew(world, invited.user_id))

    opened = select(Invitation).where(Invitation.user_id == invited.user_id, Invitation.cancelled_at.is_(None))
    assert len(await db_state.rows(world, opened)) == 1
    assert not any(isinstance(each, Conflict) for each in made)
