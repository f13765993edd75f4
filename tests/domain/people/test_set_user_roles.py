"""Appointing: roles as a whole, never more than the giver holds, and never the last super admin's away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain import accounts, apps, people
from domain.accounts import CustomRoleHolder
from domain.actor import Actor, AppReach
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound, NotPermitted, PlanTooLow
from domain.people import LastSuperAdmin, Roles
from domain.unit_of_work import LoadActor, writing
from policies import Permission, Role, Tier
from tests.support import db_state, member_actions
from tests.support.member_actions import ADMIN, AGENT, appoint, find, roles
from tests.support.world import World


async def test_roles_are_set_as_a_whole_and_hold_from_the_next_request_on(world: World) -> None:
    viewer, triage = world.users[Role.VIEWER], await member_actions.define(world, "ticket:write")

    async with db_state.recorded(world) as happened:
        await appoint(world, viewer, roles(Role.WORKFLOW_EDITOR, custom=(triage,)), revision=1)

    async with world.looking(viewer) as work:
        assert Permission.TICKET_WRITE in work.actor.permissions
        assert Role.WORKFLOW_EDITOR in work.actor.roles
    [event] = happened
    assert (event.kind, event.object_id) == ("USER_ROLES_UPDATED", viewer.id)
    assert event.before == {"roles": ["VIEWER"], "customRoles": []}
    assert event.after == {"roles": ["WORKFLOW_EDITOR"], "customRoles": [str(triage)]}
    await appoint(world, viewer, roles(Role.VIEWER))
    async with world.looking(viewer) as work:
        assert Permission.TICKET_WRITE not in work.actor.permissions
    assert (await find(world, viewer.id)).user.revision == 3


async def test_the_same_roles_again_change_nothing(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await appoint(world, world.users[Role.AGENT], AGENT)

    assert happened == []
    assert (await find(world, world.users[Role.AGENT].id)).user.revision == 1


async def test_a_custom_role_that_stays_stays_as_it_was_given(world: World) -> None:
    agent = world.users[Role.AGENT]
    first = await member_actions.define(world, "ticket:view", name="First")
    second = await member_actions.define(world, "ticket:view", name="Second")
    held = select(CustomRoleHolder).where(CustomRoleHolder.role_id == first)
    await appoint(world, agent, roles(custom=(first,)))
    [before] = await db_state.rows(world, held)

    await appoint(world, agent, roles(custom=(first, second)), who=Role.OPERATOR)

    [after] = await db_state.rows(world, held)
    assert (after.given_at, after.given_by) == (before.given_at, world.users[Role.SUPER_ADMIN].id)
    assert [role.name for role in (await find(world, agent.id)).custom_roles] == ["First", "Second"]


async def test_a_user_holds_at_least_one_role_and_never_the_operators(world: World) -> None:
    for to_be in (Roles(frozenset()), roles(Role.OPERATOR)):
        with pytest.raises(Invalid) as refused:
            await appoint(world, world.users[Role.AGENT], to_be, who=Role.OPERATOR)
        assert refused.value.field == ("roles",)


async def test_only_who_manages_people_appoints(world: World) -> None:
    for role in (Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER):
        with pytest.raises(NotPermitted):
            await appoint(world, world.users[role], ADMIN, who=role)


async def test_what_is_not_there_is_not_found(world: World) -> None:
    agent = world.users[Role.AGENT]

    with pytest.raises(NotFound) as no_user:
        await appoint(world, member_actions.nobody(), AGENT)
    with pytest.raises(NotFound) as no_role:
        await appoint(world, agent, roles(custom=(new_id(),)))

    assert (no_user.value.field, no_role.value.field) == (("userId",), ("customRoleIds",))


async def test_a_stale_revision_is_a_conflict(world: World) -> None:
    with pytest.raises(Conflict) as refused:
        await appoint(world, world.users[Role.AGENT], ADMIN, revision=7)

    assert refused.value.details == {"revision": 1}


def limited(world: World, *given: Permission) -> LoadActor:
    """Admits somebody who manages people and holds little besides, as no built-in role does today."""

    async def admit(session: object) -> Actor:
        actor = await accounts.read_actor(session, world.account_id, world.users[Role.VIEWER].id)  # type: ignore[arg-type]
        assert actor
        return replace(actor, given=frozenset({Permission.PEOPLE_MANAGE, *given}))

    return admit


async def test_nobody_gives_more_than_they_hold(world: World) -> None:
    powerful, modest = (
        await member_actions.define(world, "ticket:delete", name="Much"),
        await member_actions.define(world, "ticket:view"),
    )
    agent, holding = world.users[Role.AGENT], (Permission.ROLE_DEFINE,)

    for to_be, missing in (
        (roles(Role.SUPER_ADMIN), None),
        (roles(Role.AGENT, Role.SETTINGS_EDITOR), None),
        (roles(Role.AGENT, custom=(powerful,)), "ticket:delete"),
    ):
        async with writing(world.sessions, world.account_id, limited(world, *holding)) as work:
            with pytest.raises(NotPermitted) as refused:
                await people.set_user_roles(work, agent.id, to_be)
        assert missing in (None, refused.value.details["permission"])
    async with writing(world.sessions, world.account_id, limited(world, *holding)) as work:
        await people.set_user_roles(work, agent.id, roles(Role.AGENT, custom=(modest,)))
    async with writing(world.sessions, world.account_id, limited(world)) as work:
        await people.set_user_roles(work, agent.id, roles(Role.VIEWER))


async def test_after_a_downgrade_custom_roles_hold_and_can_only_be_taken(world: World) -> None:
    agent, viewer = world.users[Role.AGENT], world.users[Role.VIEWER]
    triage = await member_actions.define(world, "ticket:write")
    await appoint(world, agent, roles(custom=(triage,)))
    await world.on(Tier.PROFESSIONAL)

    async with world.looking(agent) as work:
        assert Permission.TICKET_WRITE in work.actor.permissions
    with pytest.raises(PlanTooLow):
        await appoint(world, viewer, roles(Role.VIEWER, custom=(triage,)))
    await appoint(world, agent, roles(Role.AGENT, custom=(triage,)))
    await appoint(world, agent, roles(Role.AGENT))
    with pytest.raises(PlanTooLow):
        await appoint(world, agent, roles(Role.AGENT, custom=(triage,)))


@pytest.mark.parametrize("who", [Role.SUPER_ADMIN, Role.OPERATOR])
async def test_the_last_active_super_admin_stays_one_whoever_asks(world: World, who: Role) -> None:
    admin = world.users[Role.SUPER_ADMIN]
    invited = await member_actions.invite(world, to_be=ADMIN)
    left = await member_actions.hire(world, f"left@{world.slug}.test", to_be=ADMIN)
    await member_actions.deactivate(world, left)

    with pytest.raises(LastSuperAdmin) as refused:
        await appoint(world, admin, AGENT, who=who)

    assert refused.value.field == ("userId",)
    await member_actions.accept(world, invited.token)
    await appoint(world, admin, AGENT, who=who)
    assert await member_actions.active_super_admins(world) == {"Kim"}


async def test_of_two_super_admins_who_demote_each_other_at_once_exactly_one_wins(world: World) -> None:
    one, two = world.users[Role.SUPER_ADMIN], await member_actions.hire(world, to_be=ADMIN)

    done = await member_actions.at_the_same_moment(
        world, appoint(world, two, AGENT, who=one), appoint(world, one, AGENT, who=two)
    )

    assert sorted(type(each).__name__ for each in done) == ["LastSuperAdmin", "NoneType"]
    assert len(await member_actions.active_super_admins(world)) == 1


async def test_of_two_who_go_at_once_by_different_verbs_one_stays(world: World) -> None:
    one, two = world.users[Role.SUPER_ADMIN], await member_actions.hire(world, to_be=ADMIN)

    done = await member_actions.at_the_same_moment(
        world, member_actions.deactivate(world, two, who=one), appoint(world, one, AGENT, who=two)
    )

    assert sorted(type(each).__name__ for each in done) == ["LastSuperAdmin", "NoneType"]
    assert len(await member_actions.active_super_admins(world)) == 1


@pytest.mark.parametrize("leaving", ["demoted", "deactivated"])
async def test_the_apps_of_a_super_admin_who_is_one_no_more_are_suspended(world: World, leaving: str) -> None:
    other = await member_actions.hire(world, to_be=ADMIN)
    async with world.acting(other) as work:
        made = await apps.create_app(
            work,
            name="Sync",
            permissions=["ticket:view"],
            reach=AppReach.ALL,
            listed=None,
            lifetime=timedelta(days=1),
        )

    await (appoint(world, other, AGENT) if leaving == "demoted" else member_actions.deactivate(world, other))

    [app] = await db_state.rows(world, select(apps.App).where(apps.App.id == made.app_id))
    assert app.sponsor_id is None
    assert "APP_SUSPENDED" in db_state.kinds(await db_state.events(world, made.app_id))
