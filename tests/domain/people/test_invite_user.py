"""Inviting: an invited user is one who cannot come in yet; their token is known to nobody but whom it was given."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain import accounts
from domain.accounts import DirectoryKind, UserState
from domain.actor import Reach, TicketScope
from domain.database.model import new_id
from domain.errors import Invalid, NotFound, NotPermitted, PlanTooLow, Unauthenticated
from domain.people import Invitation, Roles, Scopes
from policies import Role, Tier
from tests.support import concurrency, db_state, member_actions
from tests.support.member_actions import cancel, find, invite, renew
from tests.support.world import World


async def test_who_is_invited_is_a_user_who_cannot_come_in_yet(world: World) -> None:
    view, edit = TicketScope(Reach.TEAM, unassigned=True), TicketScope(Reach.OWN, unassigned=False)
    blue = world.teams["blue"]
    triage = await member_actions.define(world, "ticket:view")

    async with db_state.recorded(world) as happened:
        invited = await invite(
            world,
            " Kim@Example.test ",
            name=" Kim ",
            to_be=member_actions.roles(Role.AGENT, custom=(triage,)),
            scopes=Scopes(view, edit),
            teams=(blue.id,),
        )

    user, custom, teams, invitation = await find(world, invited.user_id)
    assert (user.name, user.email, user.state) == ("Kim", "kim@example.test", UserState.INVITED)
    assert (user.role_set, [role.id for role in custom]) == (frozenset({Role.AGENT}), [triage])
    assert (user.view_scope, user.edit_scope, [team.id for team in teams]) == (view, edit, [blue.id])
    assert invitation
    assert invitation.expires_at - invitation.invited_at == timedelta(days=14)
    assert invitation.expires_at == invited.expires_at
    with pytest.raises(Unauthenticated):
        async with world.acting(user):
            pass
    [event] = happened
    assert (event.kind, event.object_id) == ("USER_INVITED", user.id)
    assert event.after == {
        "name": "Kim",
        "email": "kim@example.test",
        "teams": [str(blue.id)],
        "roles": ["AGENT"],
        "customRoles": [str(triage)],
        "view": {"reach": "TEAM", "unassigned": True},
        "edit": {"reach": "OWN", "unassigned": False},
        "expiresAt": invited.expires_at.isoformat(),
    }


async def test_the_token_is_kept_nowhere_but_as_its_hash(world: World) -> None:
    async with db_state.recorded(world) as happened:
        invited = await invite(world)

    secret = invited.token.split("_", 2)[2]
    [row] = await db_state.rows(world, select(Invitation).where(Invitation.user_id == invited.user_id))
    assert invited.token == f"sginvite_{world.account_id.hex}_{secret}"
    assert row.secret_hash == hashlib.sha256(secret.encode()).digest()
    assert secret not in str([event.after for event in happened])


async def test_the_address_leads_to_the_invited_user(world: World) -> None:
    invited = await invite(world, f"KIM@{world.slug}.test")

    async with world.sessions() as session:
        [entry] = await accounts.look_up(session, DirectoryKind.EMAIL, f"kim@{world.slug}.test")
        identity = await accounts.find_identity(session, f"kim@{world.slug}.test")
    assert (entry.account_id, entry.target_id) == (world.account_id, invited.user_id)
    assert identity
    assert (identity.password_hash, identity.verified_at) == (None, None)


async def test_who_is_a_user_already_is_not_invited_and_the_sentence_says_what_to_do(world: World) -> None:
    agent = world.users[Role.AGENT]
    await invite(world)
    cancelled = await invite(world, "cancelled@example.test")
    await cancel(world, cancelled.user_id)
    left = await member_actions.hire(world, f"left@{world.slug}.test")
    await member_actions.deactivate(world, left)

    said = {}
    for name, email in {
        "active": str(agent.email).upper(),
        "invited": f"kim@{world.slug}.test",
        "cancelled": "cancelled@example.test",
        "left": f"left@{world.slug}.test",
    }.items():
        with pytest.raises(Invalid) as refused:
            await invite(world, email)
        assert refused.value.field == ("email",)
        said[name] = refused.value.message

    assert said == {
        "active": "This person is a user of the account already.",
        "invited": "This person was invited already: renew the invitation instead.",
        "cancelled": "This person was invited already: renew the invitation instead.",
        "left": "This person left the account: reactivate the user instead.",
    }


@pytest.mark.parametrize(
    "email", ["", "kim", "@example.test", "kim@", "kim@test", "k im@example.test", "a@b@c.test", "k\x00@example.test"]
)
async def test_what_is_no_address_is_not_invited(world: World, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        await invite(world, email or " ")

    assert refused.value.field == ("email",)


async def test_what_somebody_is_to_be_has_to_be_there(world: World) -> None:
    for field, given in {
        "customRoleIds": {"to_be": Roles(frozenset({Role.AGENT}), frozenset({new_id()}))},
        "teamIds": {"teams": (new_id(),)},
    }.items():
        with pytest.raises(NotFound) as refused:
            await invite(world, **given)  # type: ignore[arg-type]
        assert refused.value.field == (field,)
    await db_state.execute(world, "UPDATE team SET active = false WHERE name = 'Red'")
    with pytest.raises(NotFound):
        await invite(world, teams=(world.teams["red"].id,))


async def test_nobody_is_invited_to_be_nothing_or_the_operator(world: World) -> None:
    for to_be in (Roles(frozenset()), member_actions.roles(Role.OPERATOR, Role.AGENT)):
        with pytest.raises(Invalid) as refused:
            await invite(world, to_be=to_be)
        assert refused.value.field == ("roles",)


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_who_does_not_manage_people_invites_renews_and_cancels_nothing(world: World, role: Role) -> None:
    invited = await invite(world)

    for deed in (
        invite(world, "other@example.test", who=role),
        renew(world, invited.user_id, who=role),
        cancel(world, invited.user_id, who=role),
    ):
        with pytest.raises(NotPermitted):
            await deed


async def test_who_has_joined_is_neither_invited_again_nor_cancelled(world: World) -> None:
    kim = await member_actions.hire(world)

    for user in (kim, world.users[Role.AGENT]):
        for deed in (renew(world, user.id), cancel(world, user.id)):
            with pytest.raises(Invalid) as refused:
                await deed
            assert refused.value.field == ("userId",)


async def test_somebody_who_is_nobody_is_not_found(world: World) -> None:
    for deed in (renew(world, new_id()), cancel(world, new_id())):
        with pytest.raises(NotFound):
            await deed


async def test_custom_roles_are_given_by_no_invitation_below_enterprise(world: World) -> None:
    triage = await member_actions.define(world, "ticket:view")
    to_be = member_actions.roles(custom=(triage,))
    waiting = await invite(world, to_be=to_be)
    await world.on(Tier.PROFESSIONAL)

    for deed in (invite(world, "other@example.test", to_be=to_be), renew(world, waiting.user_id)):
        with pytest.raises(PlanTooLow) as refused:
            await deed
        assert refused.value.details["needed"] == "ENTERPRISE"


async def test_one_of_two_who_invite_the_same_person_at_once_hears_that_they_are(world: World) -> None:
    first, second = await concurrency.together(invite(world), invite(world))

    assert sorted(type(each).__name__ for each in (first, second)) == ["Invalid", "Invited"]
