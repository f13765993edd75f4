"""Making and changing API apps: names, permissions and reach (B32)."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain import apps, pipelines
from domain.actor import AppReach
from domain.apps import AppChanges
from domain.apps.app_rules import MOST_LISTED
from domain.apps.create_app import MOST_APPS
from domain.database.model import new_id
from domain.errors import Invalid, NotPermitted
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role, may_be_given
from tests.support import actions, db_state
from tests.support.app_actions import GIVABLE, Robot, make_robot
from tests.support.world import LIMITS, PEOPLE, World

VIEWING = (Permission.PIPELINE_VIEW, Permission.TICKET_VIEW)


async def change(
    world: World, robot: Robot, changes: AppChanges, *, revision: int | None = None, who: Role = Role.SUPER_ADMIN
) -> None:
    """Change an app."""
    async with world.acting(who) as work:
        await apps.update_app(work, robot.id, changes, expected_revision=revision)


async def listed(robot: Robot) -> set[UUID]:
    """The pipelines listed for an app."""
    async with robot.world.looking(Role.OPERATOR) as work:
        return set((await apps.find_app(work, robot.id)).listed)


async def test_an_app_is_made_with_a_name_permissions_and_a_reach_and_stands_on_its_maker(world: World) -> None:
    async with db_state.recorded(world) as happened:
        robot = await make_robot(world, *VIEWING, name="  Robot ")

    row, maker = await robot.row(), world.users[Role.SUPER_ADMIN].id
    assert (row.name, row.permissions, row.reach) == ("Robot", ["pipeline:view", "ticket:view"], "ALL")
    assert (row.created_by, row.sponsor_id, row.revision) == (maker, maker, 1)
    assert db_state.kinds(happened) == ["APP_CREATED", "APP_SECRET_CREATED"]
    assert happened[0].after == {
        "name": "Robot",
        "permissions": ["pipeline:view", "ticket:view"],
        "reach": "ALL",
        "pipelines": [],
        "sponsor": str(maker),
    }
    assert all((event.object_kind, event.object_id) == ("app", robot.id) for event in happened)


@pytest.mark.parametrize("role", [role for role in PEOPLE if role is not Role.SUPER_ADMIN])
async def test_nobody_but_a_super_admin_makes_or_changes_apps_or_sees_them(world: World, role: Role) -> None:
    robot = await make_robot(world)

    with pytest.raises(NotPermitted):
        await make_robot(world, who=role)
    with pytest.raises(NotPermitted):
        await change(world, robot, AppChanges(name="Mine"), who=role)
    async with world.looking(role) as work:
        assert await apps.list_apps(work) == []
        assert await apps.find_apps(work, [robot.id]) == {}


async def test_the_operator_is_no_sponsor(world: World) -> None:
    with pytest.raises(NotPermitted, match="stands on a super admin"):
        await make_robot(world, who=Role.OPERATOR)


async def test_who_was_demoted_while_making_an_app_sponsors_nothing(world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        await db_state.execute(world, "UPDATE account_user SET roles = '{AGENT}' WHERE 'SUPER_ADMIN' = ANY (roles)")

        with pytest.raises(NotPermitted):
            await apps.create_app(work, name="Late", permissions=["ticket:view"], reach=AppReach.ALL)


@pytest.mark.parametrize("permission", [each for each in Permission if not may_be_given(each)])
async def test_no_app_is_given_what_belongs_to_roles(world: World, permission: Permission) -> None:
    with pytest.raises(Invalid, match="ticket:write") as refused:
        await make_robot(world, permission)

    assert refused.value.field == ("permissions",)


@pytest.mark.parametrize("names", [[], ["ticket:fly"], ["ticket:view", ""], ["TICKET_VIEW"]])
async def test_an_app_needs_known_permissions_and_is_told_which_there_are(world: World, names: list[str]) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        with pytest.raises(Invalid) as refused:
            await apps.create_app(work, name="Robot", permissions=names, reach=AppReach.ALL)

    assert all(each.value in refused.value.message for each in GIVABLE)


async def test_nobody_gives_what_they_do_not_hold_but_what_an_app_has_may_stay(world: World) -> None:
    robot = await make_robot(world, Permission.TICKET_VIEW)
    async with world.acting(Role.SUPER_ADMIN) as work:
        given = frozenset({Permission.APP_MANAGE})
        lesser = UnitOfWork(work.session, replace(work.actor, roles=frozenset({Role.VIEWER}), given=given))

        with pytest.raises(NotPermitted) as refused:
            await apps.update_app(lesser, robot.id, AppChanges(permissions=["ticket:view", "ticket:write"]))
        await apps.update_app(lesser, robot.id, AppChanges(permissions=["ticket:view", "pipeline:view"]))

    assert refused.value.details == {"permission": "ticket:write"}


def test_who_manages_apps_reaches_every_pipeline_so_no_reach_is_wider_than_theirs() -> None:
    assert not may_be_given(Permission.APP_MANAGE)


async def test_only_the_reach_listed_takes_pipelines_and_it_must_be_told_them(world: World) -> None:
    support = (await world.pipeline()).id
    for reach, pipelines_given in ((AppReach.ALL, [support]), (AppReach.EVERYONE, [support]), (AppReach.LISTED, None)):
        async with world.acting(Role.SUPER_ADMIN) as work:
            with pytest.raises(Invalid) as refused:
                await apps.create_app(
                    work, name="Robot", permissions=["ticket:view"], reach=reach, listed=pipelines_given
                )

        assert refused.value.field == ("pipelineIds",)


async def test_a_list_has_at_most_500_pipelines(world: World) -> None:
    many = [new_id() for _ in range(MOST_LISTED + 1)]

    with pytest.raises(Invalid, match="500"):
        await make_robot(world, reach=AppReach.LISTED, listed=many)


async def test_a_pipeline_is_listed_once_however_often_it_is_named(world: World) -> None:
    support = (await world.pipeline()).id

    robot = await make_robot(world, reach=AppReach.LISTED, listed=[support, support])

    assert await listed(robot) == {support}


async def test_an_account_has_at_most_100_apps_and_deleted_ones_do_not_count(world: World) -> None:
    robots = [await make_robot(world, name=f"Robot {number}") for number in range(2)]
    await db_state.execute(
        world,
        """INSERT INTO app (account_id, id, name, permissions, reach)
           SELECT :account, gen_random_uuid(), 'More', '{ticket:view}', 'ALL' FROM generate_series(1, :more)""",
        account=world.account_id,
        more=MOST_APPS - 2,
    )

    with pytest.raises(Invalid, match="at most 100 apps"):
        await make_robot(world)
    async with world.acting(Role.SUPER_ADMIN) as work:
        await apps.delete_app(work, robots[0].id)
    await make_robot(world)


async def test_what_an_app_with_a_list_creates_is_listed_for_it(world: World) -> None:
    robot = await make_robot(world, reach=AppReach.LISTED, listed=[])

    async with robot.acting() as work:
        made = await pipelines.create_pipeline(work, label="Its own", stages=None, limits=LIMITS)

    async with robot.looking() as work:
        found = await pipelines.find_pipeline(work, Ref(id=made))
        assert (found.label, found.level) == ("Its own", "EDIT")
        assert [each.id for each in await pipelines.list_pipelines(work)] == [made]


async def test_a_list_forgets_a_pipeline_that_is_deleted(world: World) -> None:
    returns = await world.add_pipeline()
    robot = await make_robot(world, reach=AppReach.LISTED, listed=[returns.id])

    await actions.delete_pipeline(world, Ref(id=returns.id))

    assert await listed(robot) == set()
