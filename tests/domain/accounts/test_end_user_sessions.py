"""Ending all sessions of a user (B19)."""

import pytest

from domain import accounts
from domain.errors import NotPermitted
from policies import Role
from tests.support.client import token_of
from tests.support.session_actions import are_valid
from tests.support.world import World


async def test_only_who_manages_people_ends_the_sessions_of_others(world: World) -> None:
    tokens = [await token_of(world, Role.AGENT) for _ in range(2)]
    agent = world.users[Role.AGENT]

    for verb in (accounts.end_user_sessions, accounts.end_sessions):
        with pytest.raises(NotPermitted):
            async with world.acting(Role.SETTINGS_EDITOR) as work:
                await verb(work, agent.id)
    assert await are_valid(world, *tokens) == [True, True]
    async with world.acting(Role.SUPER_ADMIN) as work:
        await accounts.end_user_sessions(work, agent.id)
        ended_again = await accounts.end_sessions(work, agent.id)

    assert await are_valid(world, *tokens) == [False, False]
    assert ended_again == 0
