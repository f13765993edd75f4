"""Secrets of API apps: made, replaced with an overlap, ended by time or at once, and kept as hashes alone (B32)."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain import apps
from domain.apps.rotate_app_secret import LONGEST_OVERLAP, MOST_IN_FORCE
from domain.apps.secrets import LONGEST_LIFETIME
from domain.errors import Invalid, NotPermitted, Unauthenticated
from policies import Role
from tests.support import db_state
from tests.support.app_actions import Robot, make_robot
from tests.support.dump import dump
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


async def pass_time(robot: Robot, hours: int) -> None:
    """Let the secrets of an app grow older."""
    await db_state.execute(
        robot.world,
        "UPDATE app_secret SET expires_at = expires_at - make_interval(hours => :hours) WHERE app_id = :id",
        hours=hours,
        id=robot.id,
    )


async def test_a_secret_lets_its_app_in_until_its_time_is_over(world: World) -> None:
    robot = await make_robot(world, lifetime=timedelta(hours=2))

    assert await works(robot)
    await pass_time(robot, 2)
    assert not await works(robot)


async def test_both_secrets_work_during_the_overlap_and_the_new_one_after_it(world: World) -> None:
    robot = await make_robot(world, lifetime=timedelta(days=30))

    new = await rotate(robot, timedelta(hours=5), lifetime=timedelta(days=30))

    assert (await works(robot), await works(robot, new)) == (True, True)
    await pass_time(robot, 5)
    assert (await works(robot), await works(robot, new)) == (False, True)


async def test_without_an_overlap_the_older_secrets_end_at_once(world: World) -> None:
    robot = await make_robot(world)
    second = await rotate(robot)

    third = await rotate(robot, timedelta())

    assert [await works(robot, each) for each in (None, second, third)] == [False, False, True]


async def test_an_overlap_lengthens_no_life(world: World) -> None:
    robot = await make_robot(world, lifetime=timedelta(hours=1))
    (before,) = await robot.secrets()

    await rotate(robot, LONGEST_OVERLAP)

    assert (await robot.secrets())[0].expires_at == before.expires_at


async def test_a_rotation_says_which_secrets_it_ends_and_never_what_they_are(world: World) -> None:
    robot = await make_robot(world)

    async with db_state.recorded(world) as happened:
        token = await rotate(robot)

    first, second = await robot.secrets()
    (event,) = happened
    assert event.kind == "APP_SECRET_CREATED"
    assert event.after == {
        "secret": str(second.id),
        "expiresAt": second.expires_at.isoformat(),
        "ending": [str(first.id)],
    }
    assert token not in str(event.after)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), LONGEST_OVERLAP + timedelta(hours=1)])
async def test_an_overlap_is_at_most_30_days(world: World, overlap: timedelta) -> None:
    robot = await make_robot(world)

    with pytest.raises(Invalid, match="720") as refused:
        await rotate(robot, overlap)

    assert refused.value.field == ("overlapHours",)


@pytest.mark.parametrize("lifetime", [timedelta(), timedelta(days=-1), LONGEST_LIFETIME + DAY])
async def test_a_secret_lasts_for_1_to_730_days(world: World, lifetime: timedelta) -> None:
    robot = await make_robot(world)

    for making in (make_robot(world, lifetime=lifetime), rotate(robot, lifetime=lifetime)):
        with pytest.raises(Invalid, match="730"):
            await making

    assert len(await robot.secrets()) == 1


async def test_at_most_10_secrets_are_in_force_unless_the_others_end_at_once(world: World) -> None:
    robot = await make_robot(world)
    for _ in range(MOST_IN_FORCE - 1):
        await rotate(robot)

    with pytest.raises(Invalid, match="at most 10"):
        await rotate(robot)
    new = await rotate(robot, timedelta())

    assert await works(robot, new)


async def test_no_app_makes_or_ends_secrets_not_even_its_own(world: World) -> None:
    robot = await make_robot(world)
    (secret,) = await robot.secrets()

    async with robot.acting() as work:
        with pytest.raises(NotPermitted):
            await apps.rotate_app_secret(work, robot.id)
        with pytest.raises(NotPermitted):
            await apps.revoke_app_secret(work, secret.id)


async def test_a_secret_is_nowhere_in_the_database(world: World, owner_engine: AsyncEngine) -> None:
    robot = await make_robot(world)
    tokens = [robot.token, await rotate(robot), await rotate(robot, timedelta())]
    async with robot.acting(tokens[2], address="192.0.2.7") as work:
        await apps.note_use(work)
    async with world.acting(Role.SUPER_ADMIN) as work:
        await apps.delete_app(work, robot.id)

    stored = str(await dump(owner_engine, world.account_id))

    assert str(robot.id) in stored
    for token in tokens:
        secret = token.split("_", 2)[2]
        assert secret not in stored
        assert secret.encode().hex() not in stored
