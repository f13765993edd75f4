"""Custom roles: known permissions only, no more than the definer holds, and after a downgrade only narrower (B20)."""

import sys
from dataclasses import replace

import pytest
from sqlalchemy import select

from domain import accounts, people
from domain.accounts import CustomRole
from domain.actor import Actor
from domain.database.model import new_id
from domain.database.transaction import Session
from domain.errors import Conflict, Invalid, NotFound, NotPermitted, PlanTooLow
from domain.people import RoleInUse
from domain.unit_of_work import writing
from policies import Permission, Role, Tier, may_be_given
from tests.support import concurrency, db_state, member_actions
from tests.support.member_actions import define, drop_role, redefine
from tests.support.world import World

GIVEN = [permission for permission in Permission if may_be_given(permission)]
KEPT = [permission for permission in Permission if not may_be_given(permission)]


async def role(world: World, role_id: object) -> CustomRole:
    [found] = await db_state.rows(world, select(CustomRole).where(CustomRole.id == role_id))
    return found


async def test_a_role_is_a_name_and_permissions(world: World) -> None:
    async with db_state.recorded(world) as happened:
        made = await define(world, "ticket:write", "ticket:view", "ticket:view", name=" Triage ")

    found = await role(world, made)
    assert (found.name, found.permissions, found.revision) == ("Triage", ["ticket:view", "ticket:write"], 1)
    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("ROLE_CREATED", "role", made)
    assert event.after == {"name": "Triage", "permissions": ["ticket:view", "ticket:write"]}


@pytest.mark.parametrize("permission", [*KEPT, "ticket:fly", "", "TICKET:WRITE", "ticket:write "])
async def test_what_cannot_be_given_is_named_with_what_can(world: World, permission: str) -> None:
    made = await define(world, "ticket:view")

    for deed in (
        define(world, "ticket:view", permission, name="Other"),
        redefine(world, made, "ticket:view", permission),
    ):
        with pytest.raises(Invalid) as refused:
            await deed
        assert refused.value.field == ("permissions",)
        assert repr(str(permission)) in refused.value.message
        assert all(each.value in refused.value.message for each in GIVEN)


async def test_a_role_allows_something(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        await define(world)

    assert refused.value.field == ("permissions",)


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


async def test_two_who_take_a_name_at_once_are_told_apart(world: World) -> None:
    done = await concurrency.together(define(world, "ticket:view"), define(world, "ticket:write"))

    assert sorted(type(each).__name__ for each in done) == ["Invalid", "UUID"]


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


async def test_nobody_puts_more_into_a_role_than_they_hold(world: World) -> None:
    made = await define(world, "ticket:view", "ticket:delete")

    async def admit(session: Session) -> Actor:
        actor = await accounts.read_actor(session, world.account_id, world.users[Role.VIEWER].id)
        assert actor
        return replace(actor, given=frozenset({Permission.PEOPLE_MANAGE, Permission.ROLE_DEFINE}))

    async with writing(world.sessions, world.account_id, admit) as work:
        for deed in (
            people.create_role(work, name="Other", permissions=["ticket:write"]),
            people.update_role(work, made, permissions=["ticket:view", "ticket:write", "ticket:delete"]),
        ):
            with pytest.raises(NotPermitted) as refused:
                await deed
            assert refused.value.details == {"permission": "ticket:write"}
        await people.update_role(work, made, name="Renamed", permissions=["ticket:delete", "ticket:view"])


@pytest.mark.parametrize("who", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_roles_are_defined_by_who_manages_people_alone(world: World, who: Role) -> None:
    made = await define(world, "ticket:view")

    for deed in (
        define(world, "ticket:view", who=who),
        redefine(world, made, name="x", who=who),
        drop_role(world, made, who=who),
    ):
        with pytest.raises(NotPermitted):
            await deed


async def test_what_is_not_there_or_was_changed_is_declined(world: World) -> None:
    made = await define(world, "ticket:view")

    for deed in (redefine(world, new_id(), name="x"), drop_role(world, new_id())):
        with pytest.raises(NotFound) as refused:
            await deed
        assert refused.value.field == ("roleId",)
    with pytest.raises(Conflict):
        await redefine(world, made, name="x", revision=2)


async def test_an_account_has_room_for_so_many_roles(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["domain.people.create_role"], "MOST_ROLES", 1)
    await define(world, "ticket:view", name="First")

    with pytest.raises(Invalid):
        await define(world, "ticket:view", name="Second")
