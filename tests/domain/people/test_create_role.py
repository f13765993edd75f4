"""Custom roles: known permissions only, no more than the definer holds, and after a downgrade only narrower (B20)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain import accounts, people
from domain.accounts import CustomRole
from domain.actor import Actor
from domain.database.transaction import Session
from domain.errors import Invalid, NotPermitted
from domain.people import custom_roles
from domain.unit_of_work import writing
from policies import Permission, Role, may_be_given
from tests.support import concurrency, db_state
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


async def test_two_who_take_a_name_at_once_are_told_apart(world: World) -> None:
    done = await concurrency.together(define(world, "ticket:view"), define(world, "ticket:write"))

    assert sorted(type(each).__name__ for each in done) == ["Invalid", "UUID"]


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


async def test_an_account_has_room_for_so_many_roles(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom_roles, "MOST_ROLES", 1)
    await define(world, "ticket:view", name="First")

    with pytest.raises(Invalid):
        await define(world, "ticket:view", name="Second")
