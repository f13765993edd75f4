"""Whom an app stands on: suspended when they are demoted, adopted by another, deleted (B32)."""

import pytest

from domain import apps
from domain.errors import Conflict, NotPermitted, Unauthenticated
from policies import Role
from tests.support import db_state
from tests.support.app_actions import Robot, demote, make_robot, second_admin
from tests.support.world import World


async def adopt(robot: Robot, who: object = Role.SUPER_ADMIN, revision: int | None = None) -> None:
    """Adopt an app."""
    async with robot.world.acting(who) as work:  # type: ignore[arg-type]
        await apps.adopt_app(work, robot.id, expected_revision=revision)


async def suspend(robot: Robot) -> None:
    """Suspend what stands on the super admin, as their demotion does."""
    async with robot.world.acting(Role.OPERATOR) as work:
        await apps.suspend_apps(work, robot.world.users[Role.SUPER_ADMIN].id)


async def works(robot: Robot) -> bool:
    """Whether the app comes in."""
    try:
        async with robot.looking() as work:
            return work.actor.id == robot.id
    except Unauthenticated:
        return False


async def test_every_app_of_a_sponsor_is_suspended_and_no_other(world: World) -> None:
    other = await second_admin(world)
    mine, too = await make_robot(world), await make_robot(world, name="Second")
    theirs = await make_robot(world, who=other)

    async with db_state.recorded(world) as happened:
        await suspend(mine)

    assert [await works(each) for each in (mine, too, theirs)] == [False, False, True]
    assert {(event.kind, event.object_id) for event in happened} == {
        ("APP_SUSPENDED", mine.id),
        ("APP_SUSPENDED", too.id),
    }
    assert happened[0].before == {"sponsor": str(world.users[Role.SUPER_ADMIN].id)}
    assert happened[0].after == {"sponsor": None}
    assert ((await mine.row()).revision, (await theirs.row()).revision) == (2, 1)


async def test_a_suspension_is_undone_with_the_demotion_that_it_is_part_of(world: World) -> None:
    robot = await make_robot(world)

    async def demote_in_vain() -> None:
        async with world.acting(Role.OPERATOR) as work:
            await apps.suspend_apps(work, world.users[Role.SUPER_ADMIN].id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await demote_in_vain()

    assert await works(robot)


@pytest.mark.parametrize("change", ["roles = '{AGENT}'", "roles = '{}'", "active = false"])
async def test_an_app_never_acts_without_an_active_super_admin_whoever_changed_them(world: World, change: str) -> None:
    robot = await make_robot(world)
    sponsor = world.users[Role.SUPER_ADMIN].id

    await db_state.execute(world, f"UPDATE account_user SET {change} WHERE id = :id", id=sponsor)  # noqa: S608

    assert not await works(robot)
    async with world.looking(Role.OPERATOR) as work:
        assert not (await apps.find_app(work, robot.id)).sponsored


async def test_who_is_a_super_admin_again_does_not_wake_what_was_suspended(world: World) -> None:
    robot = await make_robot(world)
    await suspend(robot)
    await demote(world, world.users[Role.SUPER_ADMIN])

    await db_state.execute(
        world,
        "UPDATE account_user SET roles = '{SUPER_ADMIN}' WHERE id = :id",
        id=world.users[Role.SUPER_ADMIN].id,
    )

    assert not await works(robot)


async def test_a_super_admin_adopts_what_was_suspended_and_it_acts_again(world: World) -> None:
    robot, other = await make_robot(world), await second_admin(world)
    await suspend(robot)

    async with db_state.recorded(world) as happened:
        await adopt(robot, other, revision=2)

    assert await works(robot)
    assert [(event.kind, event.before, event.after) for event in happened] == [
        ("APP_ADOPTED", {"sponsor": None}, {"sponsor": str(other.id)})
    ]


async def test_what_stands_on_one_super_admin_can_be_adopted_by_another(world: World) -> None:
    robot, other = await make_robot(world), await second_admin(world)

    await adopt(robot, other)
    await suspend(robot)

    row = await robot.row()
    assert (row.sponsor_id, row.created_by, row.revision) == (other.id, world.users[Role.SUPER_ADMIN].id, 2)
    assert await works(robot)


async def test_to_adopt_ones_own_app_changes_nothing(world: World) -> None:
    robot = await make_robot(world)

    async with db_state.recorded(world) as happened:
        await adopt(robot)

    assert happened == []


async def test_nobody_but_a_super_admin_who_is_a_user_adopts(world: World) -> None:
    robot = await make_robot(world)

    for who in (Role.SETTINGS_EDITOR, Role.AGENT, Role.OPERATOR):
        with pytest.raises(NotPermitted):
            await adopt(robot, who)
    async with robot.acting() as work:
        with pytest.raises(NotPermitted):
            await apps.adopt_app(work, robot.id)


async def test_an_adoption_rests_on_the_revision_that_stands(world: World) -> None:
    robot, other = await make_robot(world), await second_admin(world)

    with pytest.raises(Conflict):
        await adopt(robot, other, revision=7)
