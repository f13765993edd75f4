"""Finding members: by name, page by page, for who manages people and for nobody else."""

import pytest

from domain import accounts, people
from domain.accounts import User, UserState
from domain.errors import Invalid, NotFound
from domain.page import NameCursor
from domain.people import Member
from policies import Role
from tests.support import db_state, member_actions
from tests.support.world import World

EVERY = list(UserState)


async def listed(
    world: World, states: list[UserState], first: int = 500, after: NameCursor | None = None
) -> list[Member]:
    async with world.looking(Role.SUPER_ADMIN) as work:
        return list((await people.list_members(work, states, first, after)).items)


async def test_members_are_told_apart_by_their_states(world: World) -> None:
    await member_actions.invite(world, name="Invited")
    cancelled = await member_actions.invite(world, f"ned@{world.slug}.test", name="Cancelled")
    await member_actions.cancel(world, cancelled.user_id)
    await member_actions.deactivate(world, world.users[Role.VIEWER])
    async with world.acting(Role.OPERATOR) as work:
        await accounts.ensure_placeholders(work, User, "elsewhere", ["Placeholder"])

    names = {state: [member.user.name for member in await listed(world, [state])] for state in EVERY}

    assert names == {
        UserState.INVITED: ["Invited"],
        UserState.ACTIVE: ["Agent", "Second Agent", "Settings_Editor", "Super_Admin", "Workflow_Editor"],
        UserState.INACTIVE: ["Cancelled", "Placeholder", "Viewer"],
    }
    every = await listed(world, EVERY)
    assert [member.user.name for member in every] == sorted(name for some in names.values() for name in some)
    assert all(member.user.name in names[member.user.state] for member in every)
    assert await listed(world, []) == []


@pytest.mark.parametrize("size", [1, 2, 3, 6])
async def test_pages_follow_each_other_without_a_gap_also_among_namesakes(world: World, size: int) -> None:
    await db_state.execute(
        world, "UPDATE account_user SET name = 'Kim' WHERE name IN ('Agent', 'Viewer', 'Super_Admin')"
    )
    whole = [member.user.id for member in await listed(world, EVERY)]

    found, after = [], None
    async with world.looking(Role.OPERATOR) as work:
        while True:
            page = await people.list_members(work, EVERY, size, after)
            found += [member.user.id for member in page.items]
            if not page.has_more:
                break
            after = NameCursor(page.items[-1].user.name, page.items[-1].user.id)

    assert found == whole
    assert len(set(found)) == 6


@pytest.mark.parametrize("size", [0, -1, 501])
async def test_a_page_has_a_size(world: World, size: int) -> None:
    with pytest.raises(Invalid):
        await listed(world, EVERY, size)


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_for_others_there_are_no_members_and_no_roles(world: World, role: Role) -> None:
    made = await member_actions.define(world, "ticket:view")

    async with world.looking(role) as work:
        for finding in (
            people.list_members(work, EVERY, 10, None),
            people.find_member(work, world.users[role].id),
            people.list_custom_roles(work),
            people.find_custom_role(work, made),
        ):
            with pytest.raises(NotFound):
                await finding
        assert await people.find_custom_roles(work, [made]) == {}
        assert await people.find_members_of_teams(work, [world.teams["blue"].id]) is None


async def test_everybody_finds_the_custom_roles_that_they_hold_themselves(world: World) -> None:
    made = await member_actions.define(world, "ticket:view")
    await member_actions.appoint(world, world.users[Role.VIEWER], member_actions.roles(custom=(made,)))

    found = {}
    for role in (Role.VIEWER, Role.AGENT, Role.OPERATOR):
        async with world.looking(role) as work:
            found[role] = [each.id for each in await people.find_own_roles(work)]

    assert found == {Role.VIEWER: [made], Role.AGENT: [], Role.OPERATOR: []}


async def test_members_of_teams_are_found_by_name_the_inactive_included(world: World) -> None:
    blue, red = world.teams["blue"].id, world.teams["red"].id
    async with world.acting(Role.SUPER_ADMIN) as work:
        await people.update_team(work, blue, members=[world.users[Role.VIEWER].id, world.users[Role.AGENT].id])
    await member_actions.deactivate(world, world.users[Role.AGENT])

    async with world.looking(Role.SUPER_ADMIN) as work:
        found = await people.find_members_of_teams(work, [blue, red])

    assert found
    assert {team: [(name.name, name.active) for name in names] for team, names in found.items()} == {
        blue: [("Agent", False), ("Viewer", True)],
        red: [("Second Agent", True)],
    }
