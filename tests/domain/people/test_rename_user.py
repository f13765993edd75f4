"""Renaming a user in an account."""

import pytest

from domain import accounts, people
from domain.errors import Conflict, Invalid, NotFound, NotPermitted
from policies import Role
from tests.support import db_state, member_actions
from tests.support.world import World


async def name_of(world: World) -> str:
    """The name of the agent now."""
    async with world.looking(Role.OPERATOR) as work:
        return (await accounts.find_user(work, world.users[Role.AGENT].id)).name


async def test_a_rename_changes_the_name_and_records_both(world: World) -> None:
    agent = world.users[Role.AGENT]

    async with db_state.recorded(world) as events, world.acting(Role.SUPER_ADMIN) as work:
        await people.rename_user(work, agent.id, "  Amy  ")

    assert await name_of(world) == "Amy"
    [event] = events
    assert (event.kind, event.before, event.after) == ("USER_UPDATED", {"name": agent.name}, {"name": "Amy"})


async def test_the_same_name_again_records_nothing(world: World) -> None:
    agent = world.users[Role.AGENT]

    async with db_state.recorded(world) as events, world.acting(Role.SUPER_ADMIN) as work:
        await people.rename_user(work, agent.id, agent.name)

    assert list(events) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
async def test_an_invalid_name_is_declined(world: World, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        async with world.acting(Role.SUPER_ADMIN) as work:
            await people.rename_user(work, world.users[Role.AGENT].id, name)

    assert refused.value.field == ("name",)


async def test_an_unknown_user_is_not_found_and_a_stale_revision_is_a_conflict(world: World) -> None:
    with pytest.raises(NotFound):
        async with world.acting(Role.SUPER_ADMIN) as work:
            await people.rename_user(work, member_actions.nobody().id, "Amy")
    with pytest.raises(Conflict):
        async with world.acting(Role.SUPER_ADMIN) as work:
            await people.rename_user(work, world.users[Role.AGENT].id, "Amy", expected_revision=7)


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_only_people_managers_rename_users(world: World, role: Role) -> None:
    with pytest.raises(NotPermitted):
        async with world.acting(role) as work:
            await people.rename_user(work, world.users[Role.AGENT].id, "Amy")
