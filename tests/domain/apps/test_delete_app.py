"""Deleting an API app (B32)."""

import pytest

from domain import apps
from domain.database.model import new_id
from domain.errors import Conflict, NotFound, Unauthenticated
from policies import Role
from tests.support import db_state
from tests.support.app_actions import Robot, make_robot
from tests.support.world import World


async def works(robot: Robot) -> bool:
    """Whether the app comes in."""
    try:
        async with robot.looking() as work:
            return work.actor.id == robot.id
    except Unauthenticated:
        return False


async def test_a_deleted_app_acts_no_more_and_keeps_its_name(world: World) -> None:
    robot = await make_robot(world)

    async with db_state.recorded(world) as happened, world.acting(Role.SUPER_ADMIN) as work:
        await apps.delete_app(work, robot.id, expected_revision=1)

    row, (secret,) = await robot.row(), await robot.secrets()
    assert not await works(robot)
    assert (row.name, row.deleted_by) == ("Robot", world.users[Role.SUPER_ADMIN].id)
    assert row.deleted_at == secret.revoked_at
    assert [(event.kind, event.before) for event in happened] == [("APP_DELETED", {"name": "Robot"})]


async def test_a_deleted_app_is_not_found(world: World) -> None:
    robot = await make_robot(world)
    async with world.acting(Role.SUPER_ADMIN) as work:
        await apps.delete_app(work, robot.id)

    async with world.looking(Role.SUPER_ADMIN) as work:
        assert await apps.list_apps(work) == []
    for app_id in (robot.id, new_id()):
        async with world.acting(Role.SUPER_ADMIN) as work:
            with pytest.raises(NotFound):
                await apps.delete_app(work, app_id)
            with pytest.raises(NotFound):
                await apps.adopt_app(work, app_id)


async def test_a_deletion_rests_on_the_revision_that_stands(world: World) -> None:
    robot = await make_robot(world)

    async with world.acting(Role.SUPER_ADMIN) as work:
        with pytest.raises(Conflict):
            await apps.delete_app(work, robot.id, expected_revision=2)
