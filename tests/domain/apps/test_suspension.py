"""An app stops with its sponsor: in the very transaction of a demotion or a leave, and also in a race with it (B32)."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from domain import apps, people
from domain.accounts import User
from domain.actor import AppReach
from domain.errors import NotPermitted, Unauthenticated
from domain.people import Roles
from domain.unit_of_work import UnitOfWork
from policies import Role
from tests.support import db_state
from tests.support.app_actions import Robot, make_robot, second_admin
from tests.support.concurrency import start, until_waiting
from tests.support.world import World

End = Callable[[UnitOfWork, UUID], Awaitable[object]]


async def demote(work: UnitOfWork, user_id: UUID) -> None:
    """Make somebody an agent."""
    await people.set_user_roles(work, user_id, Roles(frozenset({Role.AGENT}), frozenset()))


async def dismiss(work: UnitOfWork, user_id: UUID) -> None:
    """End somebody's membership."""
    await people.deactivate_user(work, user_id)


@pytest.mark.parametrize("end", [demote, dismiss])
async def test_an_app_is_suspended_in_the_transaction_that_ends_its_sponsor(world: World, end: End) -> None:
    robot, other = await make_robot(world), await second_admin(world)
    sponsor = world.users[Role.SUPER_ADMIN].id

    async with db_state.recorded(world) as happened, world.acting(other) as work:
        await end(work, sponsor)
        # Until it is committed, nothing has happened to anybody.
        async with robot.looking() as looking:
            assert looking.actor.id == robot.id

    with pytest.raises(Unauthenticated):
        await _look(robot)
    assert (await robot.row()).sponsor_id is None
    assert db_state.kinds(happened).count("APP_SUSPENDED") == 1
    assert len({event.at for event in happened}) == 1


async def test_a_promotion_of_others_suspends_nothing(world: World) -> None:
    robot, other = await make_robot(world), await second_admin(world)

    async with world.acting(Role.SUPER_ADMIN) as work:
        await demote(work, other.id)

    await _look(robot)


@pytest.mark.parametrize("adopting", [False, True], ids=["making", "adopting"])
async def test_who_is_being_demoted_can_neither_make_nor_adopt_an_app(world: World, adopting: bool) -> None:
    other = await second_admin(world)
    robot = await make_robot(world, who=other)

    async with world.acting(other) as work:
        await demote(work, world.users[Role.SUPER_ADMIN].id)
        meanwhile = start(_take(world, robot if adopting else None))
        await until_waiting(world)

    with pytest.raises(NotPermitted):
        await meanwhile
    assert (await robot.row()).sponsor_id == other.id


async def _take(world: World, robot: Robot | None) -> None:
    who: User = world.users[Role.SUPER_ADMIN]
    async with world.acting(who) as work:
        if robot is None:
            await apps.create_app(work, name="Late", permissions=["ticket:view"], reach=AppReach.ALL)
        else:
            await apps.adopt_app(work, robot.id)


async def _look(robot: Robot) -> None:
    async with robot.looking() as work:
        assert work.actor.id == robot.id
