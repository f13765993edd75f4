"""How people and teams come into an account: one identity for all accounts, one membership in each (settled 1)."""

from uuid import UUID

import pytest
from sqlalchemy import select

from domain import accounts
from domain.accounts import DirectoryKind, Identity, TeamMember, User
from domain.database.model import new_id
from domain.errors import Invalid, NotFound, NotPermitted
from policies import Role
from server.database.engine import Database
from tests.support import concurrency, db_state
from tests.support.world import World, make_world


async def join(
    world: World, email: str, *, name: str = "Kim", who: Role = Role.SUPER_ADMIN, password: str | None = None
) -> User:
    async with world.acting(who) as work:
        roles = frozenset({Role.AGENT, Role.SETTINGS_EDITOR})
        return await accounts.add_user(work, name=name, email=email, roles=roles, password_hash=password)


async def identity(world: World, email: str) -> Identity:
    async with world.sessions() as session:
        found = await accounts.find_identity(session, email)
    assert found is not None
    return found


async def test_a_new_user_has_an_identity_roles_and_an_entry_in_the_directory(world: World) -> None:
    async with db_state.recorded(world) as happened:
        kim = await join(world, f"Kim@{world.slug}.test", password="hashed")

    assert (kim.email, kim.active) == (f"kim@{world.slug}.test", True)
    assert kim.role_set == {Role.AGENT, Role.SETTINGS_EDITOR}
    found = await identity(world, f"KIM@{world.slug}.test")
    assert (found.id, found.password_hash) == (kim.identity_id, "hashed")
    async with world.sessions() as session:
        [entry] = await accounts.look_up(session, DirectoryKind.EMAIL, f"KIM@{world.slug}.test")
    assert (entry.account_id, entry.target_id) == (world.account_id, kim.id)
    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("USER_JOINED", "user", kim.id)
    assert event.after == {"name": "Kim", "roles": ["AGENT", "SETTINGS_EDITOR"]}


async def test_a_person_is_one_identity_in_every_account_and_keeps_the_password(
    world: World, database: Database
) -> None:
    other, email = await make_world(database.sessions), f"kim@{world.slug}.test"
    first = await join(world, email, password="first")

    second = await join(other, email, password="second")

    assert first.identity_id == second.identity_id
    assert (await identity(world, email)).password_hash == "first"
    async with world.sessions() as session:
        entries = await accounts.look_up(session, DirectoryKind.EMAIL, email)
    assert {entry.account_id for entry in entries} == {world.account_id, other.account_id}


async def test_a_person_who_joins_two_accounts_at_once_is_one_identity(world: World, database: Database) -> None:
    other, email = await make_world(database.sessions), f"kim@{world.slug}.test"

    first, second = await concurrency.together(join(world, email), join(other, email))

    assert first.identity_id == second.identity_id


async def test_nobody_joins_an_account_twice(world: World) -> None:
    await join(world, f"kim@{world.slug}.test")

    with pytest.raises(Invalid) as refused:
        await join(world, f"KIM@{world.slug}.test")

    assert refused.value.field == ("email",)


async def test_the_operators_role_is_given_to_nobody(world: World) -> None:
    async with world.acting(Role.OPERATOR) as work:
        with pytest.raises(Invalid) as refused:
            await accounts.add_user(
                work, name="Kim", email="kim@example.test", roles=frozenset({Role.AGENT, Role.OPERATOR})
            )

    assert refused.value.field == ("roles",)


async def test_nobody_joins_without_a_name(world: World) -> None:
    with pytest.raises(Invalid) as of_user:
        await join(world, f"kim@{world.slug}.test", name=" ")
    async with world.acting(Role.SUPER_ADMIN) as work:
        with pytest.raises(Invalid) as of_team:
            await accounts.add_team(work, name=" ", members=[])

    assert of_user.value.field == of_team.value.field == ("name",)


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_who_does_not_manage_people_adds_none(world: World, role: Role) -> None:
    with pytest.raises(NotPermitted) as refused:
        await join(world, "kim@example.test", who=role)
    assert refused.value.details == {"permission": "people:manage"}

    async with world.acting(role) as work:
        with pytest.raises(NotPermitted):
            await accounts.add_team(work, name="Mine", members=[])


async def test_a_team_has_the_users_that_are_named_each_once(world: World) -> None:
    members = [world.users[Role.AGENT].id, world.second_agent.id]

    async with db_state.recorded(world) as happened, world.acting(Role.SUPER_ADMIN) as work:
        team = await accounts.add_team(work, name=" Green ", members=[*members, members[0]])

    rows = await db_state.rows(world, select(TeamMember).where(TeamMember.team_id == team.id))
    assert (team.name, team.active, {row.user_id for row in rows}) == ("Green", True, set(members))
    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("TEAM_CREATED", "team", team.id)
    assert event.after == {"name": "Green", "members": [str(each) for each in members]}


async def test_a_team_has_no_members_that_are_no_users_of_the_account(world: World, database: Database) -> None:
    stranger: UUID = (await make_world(database.sessions)).users[Role.AGENT].id

    for member in (new_id(), stranger):
        async with world.acting(Role.SUPER_ADMIN) as work:
            with pytest.raises(NotFound) as refused:
                await accounts.add_team(work, name="Green", members=[member])
        assert refused.value.field == ("members",)


async def test_the_teams_of_a_user_are_among_what_decisions_rest_on(world: World) -> None:
    async with world.looking(Role.AGENT) as work:
        assert work.actor.teams == {world.teams["blue"].id}
    async with world.looking(Role.VIEWER) as work:
        assert work.actor.teams == frozenset()
