"""Updating a custom role (B19, B20)."""

import pytest
from sqlalchemy import select

from domain.accounts import CustomRole
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound, PlanTooLow
from policies import Role, Tier
from tests.support import db_state, member_actions
from tests.support.member_actions import define, drop_role, redefine
from tests.support.world import World


async def role(world: World, role_id: object) -> CustomRole:
    [found] = await db_state.rows(world, select(CustomRole).where(CustomRole.id == role_id))
    return found


async def test_what_it_allows_holds_from_its_holders_next_request_on(world: World) -> None:
    viewer, made = world.users[Role.VIEWER], await define(world, "ticket:write")
    await member_actions.appoint(world, viewer, member_actions.roles(custom=(made,)))

    held = []
    for names in (["ticket:write"], ["pipeline:edit"], ["pipeline:edit", "ticket:write"]):
        await redefine(world, made, *names)
        async with world.looking(viewer) as work:
            held.append(sorted(work.actor.given))

    assert held == [["ticket:write"], ["pipeline:edit"], ["pipeline:edit", "ticket:write"]]
    changes = [event for event in await db_state.events(world, made) if event.kind == "ROLE_UPDATED"]
    assert [(event.before, event.after) for event in changes] == [
        ({"name": "Triage", "permissions": before}, {"name": "Triage", "permissions": after})
        for before, after in ((held[0], held[1]), (held[1], held[2]))
    ]
    assert (await role(world, made)).revision == 3


async def test_a_role_can_be_renamed_alone_and_no_two_have_one_name(world: World) -> None:
    first, second = await define(world, "ticket:view", name="First"), await define(world, "ticket:view", name="Second")

    await redefine(world, first, name="Other", revision=1)

    assert (await role(world, first)).name == "Other"
    for deed in (redefine(world, second, name="Other"), define(world, "ticket:view", name=" Other")):
        with pytest.raises(Invalid) as refused:
            await deed
        assert refused.value.field == ("name",)


@pytest.mark.parametrize("tier", [Tier.FREE, Tier.STARTER, Tier.PROFESSIONAL])
async def test_below_enterprise_a_role_can_only_be_narrowed_and_deleted(world: World, tier: Tier) -> None:
    made = await define(world, "ticket:view", "ticket:write")
    await world.on(tier)

    for deed in (
        define(world, "ticket:view", name="Other"),
        redefine(world, made, "ticket:view", "ticket:write", "ticket:delete"),
        redefine(world, made, "ticket:delete"),
        redefine(world, made, name="Other"),
    ):
        with pytest.raises(PlanTooLow) as refused:
            await deed
        assert refused.value.details["needed"] == "ENTERPRISE"
    await redefine(world, made, "ticket:view")
    with pytest.raises(PlanTooLow):
        await redefine(world, made, "ticket:view", "ticket:write")
    await drop_role(world, made)


async def test_what_is_not_there_or_was_changed_is_declined(world: World) -> None:
    made = await define(world, "ticket:view")

    for deed in (redefine(world, new_id(), name="x"), drop_role(world, new_id())):
        with pytest.raises(NotFound) as refused:
            await deed
        assert refused.value.field == ("roleId",)
    with pytest.raises(Conflict):
        await redefine(world, made, name="x", revision=2)
