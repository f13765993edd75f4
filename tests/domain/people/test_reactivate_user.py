"""Reactivating a user (B20)."""

import pytest

from domain.accounts import UserState
from domain.errors import PlanTooLow
from policies import Permission, Role, Tier
from tests.support import db_state, member_actions
from tests.support.member_actions import deactivate, find, reactivate
from tests.support.world import World


async def test_who_comes_back_has_what_they_had(world: World) -> None:
    agent, triage = world.users[Role.AGENT], await member_actions.define(world, "pipeline:edit")
    await member_actions.appoint(world, agent, member_actions.roles(Role.AGENT, custom=(triage,)))
    await deactivate(world, agent)

    async with db_state.recorded(world) as happened:
        await reactivate(world, agent)

    async with world.looking(agent) as work:
        assert Permission.PIPELINE_EDIT in work.actor.permissions
        assert work.actor.teams == {world.teams["blue"].id}
    [event] = happened
    assert (event.kind, event.before, event.after) == (
        "USER_REACTIVATED",
        {"state": "INACTIVE"},
        {"state": "ACTIVE"},
    )


async def test_custom_roles_do_not_come_back_below_enterprise(world: World) -> None:
    agent, triage = world.users[Role.AGENT], await member_actions.define(world, "pipeline:edit")
    await member_actions.appoint(world, agent, member_actions.roles(Role.AGENT, custom=(triage,)))
    await deactivate(world, agent)
    await world.on(Tier.STARTER)

    with pytest.raises(PlanTooLow):
        await reactivate(world, agent)
    await member_actions.appoint(world, agent, member_actions.AGENT)
    await reactivate(world, agent)

    assert (await find(world, agent.id)).user.state is UserState.ACTIVE
