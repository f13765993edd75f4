"""Who sees a pipeline, and at which level: by mode, creator, grants of their own or of a team, until a time (S11, B16,
B19, B22, section C).
"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain import pipelines
from domain.access import AccessMode, Grantee, PipelineAccess, visible_pipelines
from domain.errors import NotFound, NotPermitted, Unauthenticated
from domain.pipelines import Pipeline
from domain.reference import Ref
from policies import Level, Role, Tier
from tests.support import actions, db_state
from tests.support.world import World

EVERYONE, PRIVATE, RESTRICTED = AccessMode.EVERYONE, AccessMode.PRIVATE, AccessMode.RESTRICTED
PEOPLE = [role for role in Role if role is not Role.OPERATOR]


@pytest.fixture
async def returns(world: World) -> Pipeline:
    """A pipeline made by the settings editor."""
    return await world.add_pipeline()


async def level(world: World, pipeline: Pipeline, who: Role) -> str | None:
    """The level at which somebody finds a pipeline; both ways of asking agree."""
    async with world.looking(who) as work:
        ids = set((await work.session.execute(visible_pipelines(work.actor))).scalars())
        try:
            found = await pipelines.find_pipeline(work, Ref(id=pipeline.id))
        except NotFound:
            assert pipeline.id not in ids
            return None
        assert pipeline.id in ids
        return found.level


async def levels(world: World, pipeline: Pipeline) -> dict[Role, str | None]:
    return {role: await level(world, pipeline, role) for role in Role}


async def test_under_everyone_everybody_has_edit_level(world: World, returns: Pipeline) -> None:
    assert await levels(world, returns) == dict.fromkeys(Role, "EDIT")


async def test_under_private_the_creator_and_super_admins_have_edit_level_and_nobody_else_sees_it(
    world: World, returns: Pipeline
) -> None:
    await actions.set_access(world, returns, PRIVATE)

    assert await levels(world, returns) == dict.fromkeys(Role) | dict.fromkeys(
        [Role.SETTINGS_EDITOR, Role.SUPER_ADMIN, Role.OPERATOR], "EDIT"
    )


async def test_under_restricted_only_grants_count_not_even_having_made_it(world: World, returns: Pipeline) -> None:
    grants = [
        Grantee(Level.VIEW, user_id=world.users[Role.VIEWER].id),
        Grantee(Level.EDIT, user_id=world.users[Role.WORKFLOW_EDITOR].id),
    ]

    await actions.set_access(world, returns, RESTRICTED, *grants)

    assert await levels(world, returns) == dict.fromkeys(Role) | {
        Role.VIEWER: "VIEW",
        Role.WORKFLOW_EDITOR: "EDIT",
        Role.SUPER_ADMIN: "EDIT",
        Role.OPERATOR: "EDIT",
    }


async def test_a_team_that_is_granted_brings_its_members_in(world: World, returns: Pipeline) -> None:
    await actions.set_access(world, returns, RESTRICTED, Grantee(Level.VIEW, team_id=world.teams["blue"].id))

    assert await level(world, returns, Role.AGENT) == "VIEW"
    async with world.looking(world.second_agent) as work:
        with pytest.raises(NotFound):
            await pipelines.find_pipeline(work, Ref(id=returns.id))


@pytest.mark.parametrize("own", [Level.VIEW, Level.EDIT])
async def test_of_several_grants_the_highest_holds(world: World, returns: Pipeline, own: Level) -> None:
    teams = Level.EDIT if own is Level.VIEW else Level.VIEW
    grants = [
        Grantee(own, user_id=world.users[Role.AGENT].id),
        Grantee(teams, team_id=world.teams["blue"].id),
    ]

    await actions.set_access(world, returns, RESTRICTED, *grants)

    assert await level(world, returns, Role.AGENT) == "EDIT"


@pytest.mark.parametrize("mode", [EVERYONE, PRIVATE])
async def test_grants_under_another_mode_are_kept_and_count_for_nothing(
    world: World, returns: Pipeline, mode: AccessMode
) -> None:
    before = await levels(world, returns)
    await actions.set_access(world, returns, mode)
    without = await levels(world, returns)

    await actions.set_access(world, returns, mode, Grantee(Level.VIEW, user_id=world.users[Role.VIEWER].id))

    assert await levels(world, returns) == without
    assert mode is PRIVATE or without == before


async def test_a_grant_ends_at_its_time(world: World, returns: Pipeline) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    await actions.set_access(
        world, returns, RESTRICTED, Grantee(Level.EDIT, user_id=world.users[Role.AGENT].id, until=later)
    )
    assert await level(world, returns, Role.AGENT) == "EDIT"

    await db_state.execute(world, "UPDATE pipeline_grant SET until = now() - interval '1 second'")

    assert await level(world, returns, Role.AGENT) is None


async def test_a_past_grant_leaves_what_other_grants_give(world: World, returns: Pipeline) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    await actions.set_access(
        world,
        returns,
        RESTRICTED,
        Grantee(Level.EDIT, user_id=world.users[Role.AGENT].id, until=later),
        Grantee(Level.VIEW, team_id=world.teams["blue"].id),
    )

    await db_state.execute(
        world, "UPDATE pipeline_grant SET until = now() - interval '1 second' WHERE until IS NOT NULL"
    )

    assert await level(world, returns, Role.AGENT) == "VIEW"


async def test_access_holds_from_the_next_unit_on(world: World, returns: Pipeline) -> None:
    assert await level(world, returns, Role.AGENT) == "EDIT"

    await actions.set_access(world, returns, RESTRICTED)

    assert await level(world, returns, Role.AGENT) is None


async def test_leaving_a_team_ends_what_its_grants_gave(world: World, returns: Pipeline) -> None:
    await actions.set_access(world, returns, RESTRICTED, Grantee(Level.EDIT, team_id=world.teams["blue"].id))

    await db_state.execute(world, "DELETE FROM team_member WHERE team_id = :id", id=world.teams["blue"].id)

    assert await level(world, returns, Role.AGENT) is None


async def test_who_holds_no_role_sees_no_pipeline(world: World, returns: Pipeline) -> None:
    await db_state.execute(
        world, "UPDATE account_user SET roles = '{}' WHERE id = :id", id=world.users[Role.SETTINGS_EDITOR].id
    )

    assert await level(world, returns, Role.SETTINGS_EDITOR) is None
    async with world.looking(Role.SETTINGS_EDITOR) as work:
        assert await pipelines.list_pipelines(work) == []


async def test_who_is_not_active_any_more_is_not_let_in(world: World) -> None:
    await db_state.execute(world, "UPDATE account_user SET active = false")

    with pytest.raises(Unauthenticated):
        async with world.looking(Role.SUPER_ADMIN):
            raise AssertionError("somebody who left was let in")


async def test_a_level_never_adds_a_permission(world: World, returns: Pipeline) -> None:
    await actions.set_access(world, returns, RESTRICTED, Grantee(Level.EDIT, user_id=world.users[Role.VIEWER].id))

    with pytest.raises(NotPermitted):
        await actions.rename_pipeline(world, "Mine", to=Ref(id=returns.id), who=Role.VIEWER)
    with pytest.raises(NotPermitted):
        await actions.open_ticket(world, to=Ref(id=returns.id), who=Role.VIEWER)


async def test_the_creator_of_a_private_pipeline_may_not_change_its_access(world: World, returns: Pipeline) -> None:
    await actions.set_access(world, returns, PRIVATE)

    with pytest.raises(NotPermitted):
        await actions.set_access(world, returns, EVERYONE, who=Role.SETTINGS_EDITOR)


async def test_a_downgrade_opens_nothing(world: World, returns: Pipeline) -> None:
    await actions.set_access(world, returns, RESTRICTED)
    for tier in Tier:
        await world.on(tier)
        assert [role for role in PEOPLE if await level(world, returns, role)] == [Role.SUPER_ADMIN]


async def test_every_pipeline_has_an_access_row(world: World, returns: Pipeline) -> None:
    rows = await db_state.rows(world, select(PipelineAccess).where(PipelineAccess.account_id == world.account_id))

    assert {row.pipeline_id for row in rows} == {returns.id, (await world.pipeline()).id}


async def test_a_team_that_is_no_longer_active_gives_nothing(world: World, returns: Pipeline) -> None:
    team = Grantee(Level.EDIT, team_id=world.teams["blue"].id)
    await actions.set_access(world, returns, RESTRICTED, team)
    assert await level(world, returns, Role.AGENT) == Level.EDIT

    await db_state.execute(world, "UPDATE team SET active = false")

    assert await level(world, returns, Role.AGENT) is None
