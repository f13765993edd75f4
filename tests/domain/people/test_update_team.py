"""Teaming: members as a whole, and a team that reaches nothing while it is inactive (S11, B19)."""

from uuid import UUID

import pytest
from sqlalchemy import select

from domain import people, pipelines
from domain.access import AccessMode, Grantee
from domain.accounts import Team, TeamMember
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound, NotPermitted
from domain.people import teams
from policies import Level, Role
from tests.support import actions, db_state
from tests.support.actions import Who
from tests.support.world import World


async def update(
    world: World,
    team: Team,
    *,
    name: str | None = None,
    members: list[UUID] | None = None,
    who: Who = Role.SUPER_ADMIN,
    revision: int | None = None,
) -> None:
    async with world.acting(who) as work:
        await people.update_team(work, team.id, name=name, members=members, expected_revision=revision)


async def members_of(world: World, team_id: UUID) -> set[UUID]:
    return {row.user_id for row in await db_state.rows(world, select(TeamMember).where(TeamMember.team_id == team_id))}


async def sees(world: World, who: Role) -> bool:
    async with world.looking(who) as work:
        return bool(await pipelines.list_pipelines(work))


async def test_name_and_members_are_changed_as_a_whole_and_each_alone(world: World) -> None:
    blue, agent, viewer = world.teams["blue"], world.users[Role.AGENT].id, world.users[Role.VIEWER].id

    async with db_state.recorded(world) as happened:
        await update(world, blue, members=[viewer, world.second_agent.id], revision=1)
        await update(world, blue, name="Navy", revision=2)
        await update(world, blue, name=" Navy ", members=[world.second_agent.id, viewer])

    [row] = await db_state.rows(world, select(Team).where(Team.id == blue.id))
    assert (row.name, row.revision) == ("Navy", 3)
    both = sorted(map(str, (viewer, world.second_agent.id)))
    assert await members_of(world, blue.id) == {viewer, world.second_agent.id}
    assert [(event.kind, event.before, event.after) for event in happened] == [
        ("TEAM_UPDATED", {"name": "Blue", "members": [str(agent)]}, {"name": "Blue", "members": both}),
        ("TEAM_UPDATED", {"name": "Blue", "members": both}, {"name": "Navy", "members": both}),
    ]


async def test_what_a_team_reaches_its_members_reach_from_their_next_request_on(world: World) -> None:
    blue, support = world.teams["blue"], await world.pipeline()
    await actions.set_access(world, support, AccessMode.RESTRICTED, Grantee(Level.VIEW, team_id=blue.id))

    seen = [await sees(world, Role.AGENT)]
    async with world.acting(Role.SUPER_ADMIN) as work:
        await people.deactivate_team(work, blue.id)
    seen.append(await sees(world, Role.AGENT))
    async with world.acting(Role.SUPER_ADMIN) as work:
        await people.reactivate_team(work, blue.id)
    seen.append(await sees(world, Role.AGENT))
    await update(world, blue, members=[])
    seen.append(await sees(world, Role.AGENT))

    assert seen == [True, False, True, False]
    happened = [event for event in await db_state.events(world, blue.id) if event.kind != "TEAM_CREATED"]
    assert db_state.kinds(happened) == ["TEAM_DEACTIVATED", "TEAM_REACTIVATED", "TEAM_UPDATED"]
    assert (happened[0].before, happened[0].after) == ({"active": True}, {"active": False})


async def test_what_cannot_be_is_declined(world: World) -> None:
    blue = world.teams["blue"]

    with pytest.raises(NotFound) as stranger:
        await update(world, blue, members=[new_id()])
    with pytest.raises(Invalid) as nameless:
        await update(world, blue, name=" ")
    with pytest.raises(Conflict):
        await update(world, blue, name="Navy", revision=9)
    with pytest.raises(NotFound) as no_team:
        await update(world, Team(id=new_id()), name="Navy")
    async with world.acting(Role.SUPER_ADMIN) as work:
        with pytest.raises(Invalid):
            await people.reactivate_team(work, blue.id)

    assert (stranger.value.field, nameless.value.field, no_team.value.field) == (("members",), ("name",), ("teamId",))


async def test_a_team_has_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "MOST_MEMBERS", 1)
    two = [world.users[Role.AGENT].id, world.users[Role.VIEWER].id]

    with pytest.raises(Invalid):
        await update(world, world.teams["blue"], members=two)
    async with world.acting(Role.SUPER_ADMIN) as work:
        with pytest.raises(Invalid) as refused:
            await people.create_team(work, name="Green", members=two)
    assert refused.value.field == ("members",)


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_teams_are_changed_by_who_manages_people_alone(world: World, role: Role) -> None:
    blue = world.teams["blue"].id
    async with world.acting(role) as work:
        for deed in (
            people.create_team(work, name="Green", members=[]),
            people.update_team(work, blue, members=[]),
            people.deactivate_team(work, blue),
            people.reactivate_team(work, blue),
        ):
            with pytest.raises(NotPermitted):
                await deed
