"""Revoking the actor's other sessions (B19)."""

from domain import accounts
from domain.unit_of_work import writing
from policies import Role
from tests.support import db_state
from tests.support.client import token_of
from tests.support.session_actions import are_valid, authentication_of, coming_by
from tests.support.world import World


async def test_all_other_sessions_end_at_once(world: World) -> None:
    tokens = [await token_of(world, Role.AGENT) for _ in range(3)]
    another = await token_of(world, world.second_agent)
    bearer = coming_by(world, tokens[1])

    async with db_state.recorded(world) as happened, writing(world.sessions, *authentication_of(bearer)) as work:
        await accounts.revoke_other_sessions(work)

    assert await are_valid(world, *tokens, another) == [False, True, False, True]
    [event] = happened
    assert event.after is not None
    assert event.after["count"] == 2
