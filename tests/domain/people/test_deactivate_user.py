"""Leaving and coming back: out at once, with nothing of what was theirs taken from tickets (B19)."""

import pytest

from domain import accounts
from domain.accounts import UserState
from domain.errors import Conflict, Invalid, NotFound, NotPermitted, Unauthenticated
from domain.people import LastSuperAdmin
from domain.unit_of_work import reading
from policies import Role
from tests.support import actions, db_state, member_actions
from tests.support.member_actions import deactivate, find, reactivate
from tests.support.world import World


async def comes_in(world: World, token: str) -> bool:
    bearer = accounts.read_token(token)
    try:
        async with reading(world.sessions, bearer.account_id, accounts.session(bearer.account_id, bearer.secret_hash)):
            return True
    except Unauthenticated:
        return False


async def test_who_is_deactivated_is_out_at_once_and_their_sessions_stay_ended(world: World) -> None:
    agent = world.users[Role.AGENT]
    tokens = [await member_actions.sign_in(world, agent) for _ in range(2)]
    other = await member_actions.sign_in(world, world.second_agent)

    async with db_state.recorded(world) as happened:
        await deactivate(world, agent, revision=1)

    assert [await comes_in(world, token) for token in (*tokens, other)] == [False, False, True]
    assert "SESSION_REVOKED" in db_state.kinds(happened)
    [event] = [event for event in happened if event.kind == "USER_DEACTIVATED"]
    assert (event.object_id, event.before, event.after) == (agent.id, {"state": "ACTIVE"}, {"state": "INACTIVE"})
    user = (await find(world, agent.id)).user
    assert (user.state, user.revision) == (UserState.INACTIVE, 2)
    await reactivate(world, agent)
    assert [await comes_in(world, token) for token in tokens] == [False, False]


async def test_tickets_keep_their_owner_and_their_history(world: World) -> None:
    agent = world.users[Role.AGENT]
    mine = await actions.open_ticket(world, owner=agent.id)
    await actions.move(world, mine, "closed", who=agent)

    await deactivate(world, agent)

    assert (await db_state.ticket(world, mine)).owner_id == agent.id
    assert [visit.entered_by for visit in await db_state.visits(world, mine)] == [agent.id, agent.id]
    assert {event.actor_id for event in await db_state.events(world, mine)} == {agent.id}


async def test_the_last_super_admin_does_not_leave(world: World) -> None:
    with pytest.raises(LastSuperAdmin):
        await deactivate(world, world.users[Role.SUPER_ADMIN])


async def test_a_super_admin_may_go_themself_while_another_stays(world: World) -> None:
    other = await member_actions.hire(world, to_be=member_actions.ADMIN)

    await deactivate(world, other, who=other)

    assert await member_actions.active_super_admins(world) == {"Super_Admin"}


async def test_only_who_is_there_leaves_and_only_who_left_comes_back(world: World) -> None:
    agent = world.users[Role.AGENT]
    invited = (await find(world, (await member_actions.invite(world)).user_id)).user
    cancelled = (await find(world, (await member_actions.invite(world, f"ned@{world.slug}.test")).user_id)).user
    await member_actions.cancel(world, cancelled.id)
    async with world.acting(Role.OPERATOR) as work:
        placed, _ = await accounts.ensure_placeholders(work, accounts.User, "elsewhere", ["Kim"])
    placeholder = (await find(world, placed["Kim"])).user

    for deed in (
        deactivate(world, invited),
        deactivate(world, cancelled),
        deactivate(world, placeholder),
        reactivate(world, agent),
        reactivate(world, invited),
        reactivate(world, cancelled),
        reactivate(world, placeholder),
    ):
        with pytest.raises(Invalid) as refused:
            await deed
        assert refused.value.field == ("userId",)
    assert (await find(world, placeholder.id)).user.state is UserState.INACTIVE


async def test_people_are_let_go_by_who_manages_them_as_they_saw_them(world: World) -> None:
    agent = world.users[Role.AGENT]

    for deed in (deactivate(world, agent, who=agent), reactivate(world, agent, who=agent)):
        with pytest.raises(NotPermitted):
            await deed
    for deed in (deactivate(world, member_actions.nobody()), reactivate(world, member_actions.nobody())):
        with pytest.raises(NotFound):
            await deed
    with pytest.raises(Conflict):
        await deactivate(world, agent, revision=2)
