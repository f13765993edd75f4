"""Assigning a ticket to an owner, a team or both (B21)."""

from typing import Any

import pytest

from domain import properties, tickets
from domain.database.model import new_id
from domain.errors import NotFound
from policies import Role
from tests.support import actions, db_state
from tests.support.world import World


@pytest.fixture
async def ticket(world: World) -> Any:
    """The id of a ticket with a value for one of two properties of the account's own."""
    async with world.acting(Role.SETTINGS_EDITOR) as work:
        await properties.define_properties(work, ["Shop", "Order"])
    return await actions.open_ticket(world, "No sound", content="None.", properties={"shop": "Delft"})


async def test_a_ticket_is_given_to_an_owner_a_team_or_both(world: World, ticket: Any) -> None:
    owner, team = world.second_agent.id, world.teams["red"].id

    async with db_state.recorded(world) as happened:
        await actions.assign(world, ticket, owner_id=owner)
        await actions.assign(world, ticket, team_id=team)
        await actions.assign(world, ticket, owner_id=None, team_id=team)

    row = await db_state.ticket(world, ticket)
    assert (row.owner_id, row.team_id, row.revision) == (None, team, 4)
    assert db_state.kinds(happened) == ["TICKET_ASSIGNED"] * 3
    assert [(event.before, event.after) for event in happened] == [
        ({"owner": None}, {"owner": str(owner)}),
        ({"team": None}, {"team": str(team)}),
        ({"owner": str(owner)}, {"owner": None}),
    ]


async def test_who_has_a_ticket_already_is_not_given_it_again(world: World, ticket: Any) -> None:
    await actions.assign(world, ticket, owner_id=world.second_agent.id)

    async with db_state.recorded(world) as happened:
        await actions.assign(world, ticket, owner_id=world.second_agent.id, team_id=None)

    assert happened == []


async def test_nobody_and_those_who_left_are_not_found(world: World, ticket: Any) -> None:
    left, closed = world.second_agent.id, world.teams["red"].id
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE id = :id", id=left)
    await db_state.execute(world, "UPDATE team SET active = false WHERE id = :id", id=closed)

    for owner in (new_id(), left):
        with pytest.raises(NotFound) as refused:
            await actions.assign(world, ticket, owner_id=owner)
        assert refused.value.field == ("ownerId",)
    for team in (new_id(), closed):
        with pytest.raises(NotFound) as refused:
            await actions.assign(world, ticket, team_id=team)
        assert refused.value.field == ("teamId",)


async def test_an_assignment_may_take_a_ticket_out_of_ones_own_reach(world: World, ticket: Any) -> None:
    agent = world.users[Role.AGENT].id
    await actions.assign(world, ticket, owner_id=agent)
    await db_state.execute(
        world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false, edit_reach = 'OWN'"
    )

    await actions.assign(world, ticket, owner_id=world.second_agent.id)

    async with world.looking(Role.AGENT) as work:
        with pytest.raises(NotFound):
            await tickets.find_ticket(work, ticket)
