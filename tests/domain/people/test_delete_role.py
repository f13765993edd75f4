"""Deleting a custom role (B20)."""

import pytest
from sqlalchemy import select

from domain.accounts import CustomRole
from domain.people import RoleInUse
from policies import Role
from tests.support import db_state, member_actions
from tests.support.member_actions import define, drop_role
from tests.support.world import World


async def test_a_role_that_somebody_holds_is_not_deleted_and_the_refusal_counts_them(world: World) -> None:
    made = await define(world, "ticket:view")
    for user in (world.users[Role.AGENT], world.users[Role.VIEWER]):
        await member_actions.appoint(world, user, member_actions.roles(custom=(made,)))
    await member_actions.deactivate(world, world.users[Role.VIEWER])

    with pytest.raises(RoleInUse) as refused:
        await drop_role(world, made)
    assert (refused.value.details, refused.value.field) == ({"holders": 2}, ("roleId",))

    for user in (world.users[Role.AGENT], world.users[Role.VIEWER]):
        await member_actions.appoint(world, user, member_actions.AGENT)
    async with db_state.recorded(world) as happened:
        await drop_role(world, made)
    [event] = happened
    assert (event.kind, event.before) == ("ROLE_DELETED", {"name": "Triage", "permissions": ["ticket:view"]})
    assert await db_state.rows(world, select(CustomRole).where(CustomRole.id == made)) == []


async def test_a_role_that_is_given_and_deleted_at_once_is_one_or_the_other(world: World) -> None:
    made = await define(world, "ticket:view")

    given, dropped = await member_actions.at_the_same_moment(
        world,
        member_actions.appoint(world, world.users[Role.AGENT], member_actions.roles(custom=(made,))),
        drop_role(world, made),
    )

    assert (type(given).__name__, type(dropped).__name__) in {("NoneType", "RoleInUse"), ("NotFound", "NoneType")}
