"""One decision in one order: permission, level on the pipeline, edit scope, plan; two refusals that stay apart (S11,
S12, section C).
"""

from dataclasses import replace

import pytest

from domain.actor import Actor, ActorKind, Reach, TicketScope
from domain.authorization import denial, require
from domain.database.model import new_id
from domain.errors import Conflict, NotPermitted, PlanTooLow, expect_revision
from policies import Level, Permission, Plan, Role, Tier


def an_actor(*roles: Role, tier: Tier = Tier.ENTERPRISE) -> Actor:
    return Actor(new_id(), ActorKind.PERSON, new_id(), frozenset(roles), Plan(tier, Tier.FREE))


def test_who_may_hears_no_objection() -> None:
    agent = an_actor(Role.AGENT)

    assert denial(agent, Permission.TICKET_WRITE, level=Level.EDIT) is None
    require(agent, Permission.TICKET_WRITE, level=Level.EDIT)


def test_what_is_wrong_is_told_in_the_order_permission_level_scope_plan() -> None:
    told = []
    actor, level, in_scope = an_actor(Role.VIEWER, tier=Tier.FREE), Level.VIEW, False
    for _ in range(5):
        refusal = denial(actor, Permission.STAGE_ADD, level=level, in_scope=in_scope)
        told.append(refusal.message.split(".")[0] if refusal else None)
        if told[-1] is None:
            break
        if "roles" in told[-1]:
            actor = replace(actor, roles=frozenset({Role.SETTINGS_EDITOR}))
        elif "view" in told[-1]:
            level = Level.EDIT
        elif "outside" in told[-1]:
            in_scope = True
        else:
            actor = replace(actor, plan=Plan(Tier.STARTER, Tier.FREE))

    assert told == [
        "Your roles do not include stage:add",
        "You may only view this pipeline",
        "This ticket is outside the tickets that you may edit",
        "This needs the STARTER plan or a higher one; the account is on FREE",
        None,
    ]


def test_the_two_refusals_carry_what_a_client_needs() -> None:
    with pytest.raises(NotPermitted) as not_permitted:
        require(an_actor(Role.AGENT), Permission.ACCESS_MANAGE)
    with pytest.raises(PlanTooLow) as too_low:
        require(an_actor(Role.SUPER_ADMIN, tier=Tier.STARTER), Permission.ACCESS_MANAGE)

    assert not_permitted.value.details == {"permission": "access:manage"}
    assert too_low.value.details == {"needed": "PROFESSIONAL", "current": "STARTER"}


def test_a_level_that_a_change_made_forgotten_is_a_bug_and_no_denial() -> None:
    with pytest.raises(LookupError, match="find the pipeline again"):
        require(an_actor(Role.SUPER_ADMIN), Permission.PIPELINE_EDIT, level=None)


def test_a_permission_that_is_missing_is_told_whatever_the_level() -> None:
    with pytest.raises(NotPermitted):
        require(an_actor(Role.VIEWER), Permission.PIPELINE_EDIT, level=None)


@pytest.mark.parametrize("role", Role)
def test_super_admins_and_the_operator_have_no_ticket_scope(role: Role) -> None:
    assert an_actor(role).is_super_admin == (role in {Role.SUPER_ADMIN, Role.OPERATOR})


def test_ticket_scopes_reach_everything_unless_they_are_narrowed() -> None:
    actor = an_actor(Role.AGENT)

    assert actor.view == actor.edit == TicketScope(Reach.ALL, unassigned=True)


@pytest.mark.parametrize("expected", [None, 3])
def test_an_edit_that_rests_on_what_stands_or_on_nothing_passes(expected: int | None) -> None:
    expect_revision(3, expected)


@pytest.mark.parametrize("expected", [2, 4, 0])
def test_an_edit_that_rests_on_another_revision_is_a_conflict(expected: int) -> None:
    with pytest.raises(Conflict) as refused:
        expect_revision(3, expected)

    assert (refused.value.details, refused.value.field) == ({"revision": 3}, ("expectedRevision",))
