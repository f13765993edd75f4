"""The access review: it lists whom `seeing` lets near, all of them once, at the level that they have (B22)."""

from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from sqlalchemy import select, text

from domain import access
from domain.access import AccessMode, AccessSource, Grantee, PipelineAccess, ReviewFilter, ReviewRow, level_of
from domain.accounts import read_actor
from domain.actor import Actor, ActorKind, AppReach
from domain.errors import Invalid, NotPermitted
from domain.pipelines import Pipeline
from domain.unit_of_work import UnitOfWork
from policies import Level, Permission, Plan, Role, Tier
from server.database.engine import Database
from tests.support import actions, db_state
from tests.support.random_access import CONSTELLATIONS, Constellation, Program, Sky, make_sky
from tests.support.statements import counting
from tests.support.world import World, make_world

ALL = ReviewFilter()
Levels = dict[tuple[UUID, UUID], str]


@pytest.fixture(scope="module")
async def sky(database: Database) -> Sky:
    """One world for all constellations."""
    return await make_sky(await make_world(database.sessions))


async def review(world: World, wanted: ReviewFilter = ALL, *, size: int = 500) -> list[ReviewRow]:
    """All pages of a review."""
    rows: list[ReviewRow] = []
    async with world.looking(Role.SUPER_ADMIN) as work:
        more = True
        while more:
            page = await access.read_review(work, wanted, first=size, after=rows[-1].cursor if rows else None)
            assert len(page.items) == size or not page.has_more
            rows, more = [*rows, *page.items], page.has_more
    return rows


async def levels_of(work: UnitOfWork, actor: Actor) -> Levels:
    """The levels of one actor on all pipelines, as every finder has them."""
    statement = select(PipelineAccess.pipeline_id, level_of(actor)).where(PipelineAccess.account_id == work.account_id)
    rows = await work.session.execute(statement)
    return {(pipeline, actor.id): level for pipeline, level in rows if level is not None and actor.id is not None}


async def levels(sky: Sky, constellation: Constellation) -> Levels:
    """The levels of everybody who can come in."""
    expected: Levels = {}
    async with sky.world.looking(Role.SUPER_ADMIN) as work:
        for user in (*sky.world.users.values(), sky.world.second_agent):
            actor = await read_actor(work.session, work.account_id, user.id)
            expected |= await levels_of(work, actor) if actor else {}
        admins = (await work.session.execute(text(ADMINS), {"account": work.account_id})).scalars().all()
        for app_id, program in zip(sky.apps, constellation.apps, strict=True):
            sponsored = program.sponsored or sky.members[0].id in admins
            if sponsored and not program.deleted:
                expected |= await levels_of(work, app(sky, app_id, program))
    return expected


ADMINS = "SELECT id FROM account_user WHERE account_id = :account AND active AND 'SUPER_ADMIN' = ANY(roles)"


def app(sky: Sky, app_id: UUID, program: Program) -> Actor:
    return Actor(
        account_id=sky.world.account_id,
        kind=ActorKind.APP,
        id=app_id,
        roles=frozenset(),
        plan=Plan(Tier.ENTERPRISE, Tier.FREE),
        given=frozenset(Permission(each) for each in program.permissions),
        reach=AppReach(program.reach),
        listed=frozenset({sky.pipeline.id} if program.listed else ()),
    )


@given(CONSTELLATIONS)
@settings(max_examples=60, phases=[Phase.generate])
async def test_in_every_constellation_it_lists_the_levels_that_finders_give(
    sky: Sky, constellation: Constellation
) -> None:
    await sky.lay(constellation)

    rows = await review(sky.world, size=4)

    assert {(row.pipeline_id, row.id): row.level.value for row in rows} == await levels(sky, constellation)
    assert len({(row.pipeline_id, row.id) for row in rows}) == len(rows)
    assert [row.cursor for row in rows] == sorted(row.cursor for row in rows)
    for level in (Level.VIEW, Level.EDIT):
        some = await review(sky.world, ReviewFilter(level=level))
        assert [row.cursor for row in some] == [row.cursor for row in rows if row.level is level]


@pytest.fixture
async def returns(world: World) -> Pipeline:
    """A pipeline that everybody sees, beside the default one."""
    return await world.add_pipeline()


async def whys(world: World, wanted: ReviewFilter) -> dict[str, tuple[AccessSource, Level]]:
    return {row.name: (row.why, row.level) for row in await review(world, wanted)}


async def test_it_says_by_what_each_comes_near(world: World, returns: Pipeline) -> None:
    of_returns = ReviewFilter(pipeline_id=returns.id)
    admin = {"Super_Admin": (AccessSource.SUPER_ADMIN, Level.EDIT)}

    everyone = await whys(world, of_returns)
    await actions.set_access(world, returns, AccessMode.PRIVATE)
    private = await whys(world, of_returns)
    grants = [
        Grantee(Level.VIEW, user_id=world.users[Role.VIEWER].id),
        Grantee(Level.EDIT, team_id=world.teams["red"].id),
    ]
    await actions.set_access(world, returns, AccessMode.RESTRICTED, *grants)
    restricted = await whys(world, of_returns)

    assert everyone == dict.fromkeys(everyone, (AccessSource.EVERYONE, Level.EDIT)) | admin
    assert len(everyone) == 6
    assert private == {"Settings_Editor": (AccessSource.CREATOR, Level.EDIT)} | admin
    assert (
        restricted
        == {
            "Viewer": (AccessSource.GRANT, Level.VIEW),
            "Second Agent": (AccessSource.TEAM_GRANT, Level.EDIT),
        }
        | admin
    )


async def test_of_a_grant_it_says_for_which_team_since_when_by_whom_and_until_when(
    world: World, returns: Pipeline
) -> None:
    team = Grantee(Level.EDIT, team_id=world.teams["red"].id)
    async with db_state.recorded(world) as happened:
        await actions.set_access(world, returns, AccessMode.RESTRICTED, team)

    [row] = await review(world, ReviewFilter(pipeline_id=returns.id, user_id=world.second_agent.id))

    assert (row.team_id, row.since, row.until) == (team.team_id, happened[0].at, None)
    assert (row.by, row.mode) == (world.users[Role.SUPER_ADMIN].id, AccessMode.RESTRICTED)
    assert row.user is not None
    assert row.user.id == world.second_agent.id


async def test_of_two_equal_ways_ones_own_grant_is_told(world: World, returns: Pipeline) -> None:
    own = Grantee(Level.EDIT, user_id=world.second_agent.id)
    await actions.set_access(
        world, returns, AccessMode.RESTRICTED, Grantee(Level.EDIT, team_id=world.teams["red"].id), own
    )

    [row] = await review(world, ReviewFilter(pipeline_id=returns.id, user_id=world.second_agent.id))

    assert (row.why, row.team_id) == (AccessSource.GRANT, None)


async def test_it_is_filtered_by_everything_that_it_lists(world: World, returns: Pipeline) -> None:
    viewer, blue = world.users[Role.VIEWER].id, world.teams["blue"].id
    await actions.set_access(world, returns, AccessMode.RESTRICTED, Grantee(Level.VIEW, user_id=viewer))
    everything = await review(world)

    by_mode = await review(world, ReviewFilter(mode=AccessMode.RESTRICTED))
    by_user = await review(world, ReviewFilter(user_id=viewer))
    by_team = await review(world, ReviewFilter(team_id=blue))
    by_level = await review(world, ReviewFilter(level=Level.VIEW, mode=AccessMode.EVERYONE))
    by_app_and_user = await review(world, ReviewFilter(user_id=viewer, app_id=blue))

    assert [row.cursor for row in by_mode] == [row.cursor for row in everything if row.pipeline_id == returns.id]
    assert [row.cursor for row in by_user] == [row.cursor for row in everything if row.id == viewer]
    assert {row.id for row in by_team} == {world.users[Role.AGENT].id}
    assert (by_level, by_app_and_user) == ([], [])


async def test_it_says_when_somebody_was_last_heard_of(world: World, returns: Pipeline) -> None:
    await db_state.execute(
        world,
        "INSERT INTO token (account_id, id, user_id, secret_hash, expires_at, last_used_at) "
        "VALUES (:account, gen_random_uuid(), :user, sha256('x'), now(), '2030-01-01T00:00:00Z')",
        account=world.account_id,
        user=world.users[Role.VIEWER].id,
    )

    rows = await review(world, ReviewFilter(pipeline_id=returns.id))

    heard_of = {row.name: row.last_active_at.year for row in rows if row.last_active_at is not None}
    assert heard_of == {"Viewer": 2030}


async def test_a_page_is_one_statement(world: World, database: Database) -> None:
    async with world.looking(Role.SUPER_ADMIN) as work:
        with counting(database.engine) as counted:
            await access.read_review(work, ALL, first=3)

    assert counted.total == 1


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SUPER_ADMIN, Role.OPERATOR}])
async def test_it_is_for_super_admins(world: World, role: Role) -> None:
    async with world.looking(role) as work:
        with pytest.raises(NotPermitted):
            await access.read_review(work, ALL, first=50)


@pytest.mark.parametrize("first", [0, 501])
async def test_a_page_holds_1_to_500_rows(world: World, first: int) -> None:
    async with world.looking(Role.SUPER_ADMIN) as work:
        with pytest.raises(Invalid):
            await access.read_review(work, ALL, first=first)
