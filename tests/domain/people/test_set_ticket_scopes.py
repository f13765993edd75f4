"""Scoping: what may be edited lies within what may be viewed, and holds from the next request on (B21)."""

import itertools

import pytest

from domain import tickets
from domain.actor import Reach, TicketScope
from domain.errors import Conflict, Invalid, NotFound, NotPermitted
from policies import Role
from tests.support import actions, db_state, member_actions
from tests.support.member_actions import find, scope
from tests.support.world import World

ALL, OWN = TicketScope(), TicketScope(Reach.OWN, unassigned=False)
WIDTH = [Reach.NONE, Reach.OWN, Reach.TEAM, Reach.ALL]


async def test_scopes_hold_from_the_next_request_on(world: World) -> None:
    agent = world.users[Role.AGENT]
    mine, others = await actions.open_ticket(world, owner=agent.id), await actions.open_ticket(world)

    async with db_state.recorded(world) as happened:
        await scope(world, agent, OWN, TicketScope(Reach.NONE, unassigned=False), revision=1)

    async with world.looking(agent) as work:
        found = await tickets.find_tickets(work, [mine, others])
        assert list(found) == [mine]
        assert found[mine].editable is False
    [event] = happened
    assert (event.kind, event.object_id) == ("USER_SCOPES_UPDATED", agent.id)
    assert event.before == {
        "view": {"reach": "ALL", "unassigned": True},
        "edit": {"reach": "ALL", "unassigned": True},
    }
    assert event.after == {
        "view": {"reach": "OWN", "unassigned": False},
        "edit": {"reach": "NONE", "unassigned": False},
    }
    assert (await find(world, agent.id)).user.revision == 2
    await scope(world, agent, ALL, ALL)
    async with world.looking(agent) as work:
        assert set(await tickets.find_tickets(work, [mine, others])) == {mine, others}


@pytest.mark.parametrize(("view", "edit"), [*itertools.product(WIDTH, WIDTH)])
async def test_the_edit_reach_lies_within_the_view_reach(world: World, view: Reach, edit: Reach) -> None:
    agent = world.users[Role.AGENT]
    given = TicketScope(view, unassigned=False), TicketScope(edit, unassigned=False)

    if WIDTH.index(edit) <= WIDTH.index(view):
        await scope(world, agent, *given)
        held = (await find(world, agent.id)).user
        assert (held.view_scope.reach, held.edit_scope.reach) == (view, edit)
    else:
        with pytest.raises(Invalid) as refused:
            await scope(world, agent, *given)
        assert refused.value.field == ("edit", "reach")
        assert view.value in refused.value.message


async def test_unassigned_tickets_are_edited_by_who_views_them_alone(world: World) -> None:
    agent, unassigned = world.users[Role.AGENT], TicketScope(Reach.NONE, unassigned=True)

    with pytest.raises(Invalid) as refused:
        await scope(world, agent, OWN, unassigned)
    await scope(world, agent, TicketScope(Reach.ALL, unassigned=False), unassigned)
    await scope(world, agent, TicketScope(Reach.OWN, unassigned=True), unassigned)

    assert refused.value.field == ("edit", "unassigned")


async def test_all_has_the_unassigned_ones_anyway(world: World) -> None:
    agent = world.users[Role.AGENT]

    async with db_state.recorded(world) as happened:
        await scope(world, agent, TicketScope(Reach.ALL, unassigned=False), TicketScope(Reach.ALL, unassigned=False))

    assert happened == []
    assert (await find(world, agent.id)).user.view_scope == ALL


async def test_scopes_are_set_by_who_manages_people_for_a_user_that_there_is_and_as_they_saw_it(world: World) -> None:
    agent = world.users[Role.AGENT]

    with pytest.raises(NotPermitted):
        await scope(world, agent, ALL, ALL, who=agent)
    with pytest.raises(NotFound):
        await scope(world, member_actions.nobody(), OWN, OWN)
    with pytest.raises(Conflict):
        await scope(world, agent, OWN, OWN, revision=2)
