"""Updating an API app (B19, B32)."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain import apps
from domain.actor import AppReach
from domain.apps import AppChanges
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound
from policies import Permission, Role
from tests.support import db_state
from tests.support.app_actions import Robot, make_robot
from tests.support.world import World

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


async def test_a_change_says_what_it_changed_and_counts(world: World) -> None:
    support, returns = (await world.pipeline()).id, (await world.add_pipeline()).id
    robot = await make_robot(world, *VIEWING, reach=AppReach.LISTED, listed=[support])

    async with db_state.recorded(world) as happened:
        await change(world, robot, AppChanges(name="Renamed", listed=[returns]), revision=1)

    (event,) = happened
    assert (event.kind, event.object_id) == ("APP_UPDATED", robot.id)
    assert event.before == {"name": "Robot", "pipelines": [str(support)]}
    assert event.after == {"name": "Renamed", "pipelines": [str(returns)]}
    assert (await robot.row()).revision == 2
    assert await listed(robot) == {returns}


async def test_what_is_left_out_stays_and_a_change_to_the_same_is_none(world: World) -> None:
    support = (await world.pipeline()).id
    robot = await make_robot(world, *VIEWING, reach=AppReach.LISTED, listed=[support])

    async with db_state.recorded(world) as happened:
        await change(world, robot, AppChanges())
        await change(world, robot, AppChanges("Robot", ["ticket:view", "pipeline:view"], AppReach.LISTED, [support]))

    assert happened == []
    assert (await robot.row()).revision == 1


async def test_another_reach_drops_the_list_and_listed_again_needs_a_new_one(world: World) -> None:
    support = (await world.pipeline()).id
    robot = await make_robot(world, reach=AppReach.LISTED, listed=[support])

    await change(world, robot, AppChanges(reach=AppReach.EVERYONE))

    assert await listed(robot) == set()
    with pytest.raises(Invalid):
        await change(world, robot, AppChanges(reach=AppReach.LISTED))
    await change(world, robot, AppChanges(reach=AppReach.LISTED, listed=[]))
    assert (await robot.row()).reach == "LISTED"


async def test_a_change_rests_on_the_revision_that_stands(world: World) -> None:
    robot = await make_robot(world)
    await change(world, robot, AppChanges(name="First"), revision=1)

    with pytest.raises(Conflict):
        await change(world, robot, AppChanges(name="Second"), revision=1)

    assert (await robot.row()).name == "First"


async def test_an_app_that_never_was_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await change(world, replace(await make_robot(world), id=new_id()), AppChanges(name="Nobody"))
