"""Reactivating a team (S11, B19)."""

import pytest

from domain import people
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound, NotPermitted
from policies import Role
from tests.support import db_state
from tests.support.world import World


async def test_a_team_becomes_active_and_keeps_its_members(world: World) -> None:
    blue = world.teams["blue"]
    async with world.acting(Role.SUPER_ADMIN) as work:
        await people.update_team(work, blue.id, members=[world.users[Role.AGENT].id])
    async with world.acting(Role.SUPER_ADMIN) as work:
        await people.deactivate_team(work, blue.id)

    async with db_state.recorded(world) as events, world.acting(Role.SUPER_ADMIN) as work:
        await people.reactivate_team(work, blue.id)

    [event] = events
    assert (event.kind, event.before, event.after) == ("TEAM_REACTIVATED", {"active": False}, {"active": True})
    async with world.looking(Role.SUPER_ADMIN) as work:
        members = await people.find_members_of_teams(work, [blue.id])
    assert members is not None
    assert [member.id for member in members[blue.id]] == [world.users[Role.AGENT].id]


async def test_only_an_inactive_team_can_be_reactivated(world: World) -> None:
    blue = world.teams["blue"]

    with pytest.raises(Invalid) as refused:
        async with world.acting(Role.SUPER_ADMIN) as work:
            await people.reactivate_team(work, blue.id)

    assert refused.value.field == ("teamId",)


async def test_an_unknown_team_is_not_found_and_a_stale_revision_is_a_conflict(world: World) -> None:
    with pytest.raises(NotFound):
        async with world.acting(Role.SUPER_ADMIN) as work:
            await people.reactivate_team(work, new_id())
    with pytest.raises(Conflict):
        async with world.acting(Role.SUPER_ADMIN) as work:
            await people.reactivate_team(work, world.teams["blue"].id, expected_revision=7)


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_only_people_managers_reactivate_teams(world: World, role: Role) -> None:
    with pytest.raises(NotPermitted):
        async with world.acting(role) as work:
            await people.reactivate_team(work, world.teams["blue"].id)
