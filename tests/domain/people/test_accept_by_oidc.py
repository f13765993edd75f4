"""Arriving from the identity provider: who is invited at the address joins by signing in, while that stands open."""

from uuid import UUID

import pytest

from domain import people
from domain.errors import Unauthenticated
from domain.people import Invitee, Roles
from domain.unit_of_work import writing
from policies import Role
from tests.support import db_state
from tests.support.tenancy import enter
from tests.support.world import World


async def invite(world: World, name: str = "kim") -> UUID:
    """Invite somebody as an agent."""
    invitee = Invitee(email=f"{name}@{world.slug}.test", name=name.title(), roles=Roles(frozenset({Role.AGENT})))
    async with world.acting(Role.SUPER_ADMIN) as work:
        return (await people.invite_user(work, invitee)).user_id


async def arrive(world: World, user_id: UUID) -> None:
    async with writing(world.sessions, world.account_id, people.arrival(world.account_id, user_id)) as work:
        assert work.actor.id == user_id
        await people.join_vouched(work, user_id)


async def is_open(world: World, user_id: UUID) -> bool:
    async with world.sessions() as session, session.begin():
        await enter(session, world.account_id)
        return await people.find_open_membership(session, world.account_id, user_id) is not None


async def test_who_is_invited_joins(world: World) -> None:
    user_id = await invite(world)

    async with db_state.recorded(world) as happened:
        await arrive(world, user_id)

    [joined] = happened
    assert (joined.kind, joined.actor_id, joined.object_id) == ("USER_JOINED", user_id, user_id)
    assert (joined.before, joined.after and joined.after["state"]) == ({"state": "INVITED"}, "ACTIVE")
    assert await is_open(world, user_id)


async def test_who_is_a_member_already_just_comes_in(world: World) -> None:
    user_id = await invite(world)
    await arrive(world, user_id)

    async with db_state.recorded(world) as happened:
        await arrive(world, user_id)
        await arrive(world, world.users[Role.VIEWER].id)

    assert happened == []


@pytest.mark.parametrize("over", ["cancelled", "expired", "left"])
async def test_an_invitation_that_is_over_lets_nobody_in(world: World, over: str) -> None:
    user_id = await invite(world)
    if over == "expired":
        await db_state.execute(world, "UPDATE invitation SET expires_at = now() WHERE user_id = :id", id=user_id)
    else:
        if over == "left":
            await arrive(world, user_id)
        async with world.acting(Role.SUPER_ADMIN) as work:
            await (people.deactivate_user if over == "left" else people.cancel_invitation)(work, user_id)

    assert not await is_open(world, user_id)
    with pytest.raises(Unauthenticated):
        await arrive(world, user_id)


async def test_a_placeholder_is_nobody(world: World) -> None:
    await db_state.execute(
        world,
        "UPDATE account_user SET active = false, identity_id = NULL WHERE id = :id",
        id=world.users[Role.AGENT].id,
    )

    assert not await is_open(world, world.users[Role.AGENT].id)
