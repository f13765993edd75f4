"""Revoking a secret of an API app (B32)."""

from datetime import timedelta

import pytest

from domain import apps
from domain.database.model import new_id
from domain.errors import NotFound, Unauthenticated
from policies import Role
from tests.support import db_state
from tests.support.app_actions import Robot, make_robot
from tests.support.world import World

DAY = timedelta(days=1)


async def rotate(robot: Robot, overlap: timedelta = DAY, *, lifetime: timedelta = DAY) -> str:
    """A new secret for an app."""
    async with robot.world.acting(Role.SUPER_ADMIN) as work:
        return (await apps.rotate_app_secret(work, robot.id, overlap=overlap, lifetime=lifetime)).token


async def works(robot: Robot, token: str | None = None) -> bool:
    """Whether the app comes in by a secret."""
    try:
        async with robot.looking(token) as work:
            return work.actor.id == robot.id
    except Unauthenticated:
        return False


async def test_a_revoked_secret_ends_at_once_and_the_others_stay(world: World) -> None:
    robot = await make_robot(world)
    second = await rotate(robot)
    first, _ = await robot.secrets()

    async with db_state.recorded(world) as happened:
        for _ in range(2):
            async with world.acting(Role.SUPER_ADMIN) as work:
                assert await apps.revoke_app_secret(work, first.id) == robot.id

    assert [await works(robot), await works(robot, second)] == [False, True]
    assert [(event.kind, event.object_id, event.after) for event in happened] == [
        ("APP_SECRET_REVOKED", robot.id, {"secret": str(first.id)})
    ]


async def test_what_never_was_or_is_deleted_has_no_secrets(world: World) -> None:
    robot = await make_robot(world)
    (secret,) = await robot.secrets()
    async with world.acting(Role.SUPER_ADMIN) as work:
        await apps.delete_app(work, robot.id)

    for unknown in (secret.id, new_id()):
        async with world.acting(Role.SUPER_ADMIN) as work:
            with pytest.raises(NotFound):
                await apps.revoke_app_secret(work, unknown)
    for app_id in (robot.id, new_id()):
        async with world.acting(Role.SUPER_ADMIN) as work:
            with pytest.raises(NotFound):
                await apps.rotate_app_secret(work, app_id)
