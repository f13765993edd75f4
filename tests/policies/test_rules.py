"""The law: one line for each permission, in known words, that the gate answers as it is written (law 5, section C)."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest

import policies
from policies import (
    AddOn,
    Holder,
    Level,
    Permission,
    Plan,
    Role,
    Tier,
    level_allows,
    needed_plan,
    permissions_of,
    plan_allows,
)
from policies.gate import role_allows, rules

HERE = Path(policies.__file__).parent
EVERYTHING = Plan(Tier.ENTERPRISE, Tier.ENTERPRISE, frozenset(AddOn) - {AddOn.NONE})
AXES = ("service", "marketing")
EVERY_PERMISSION = pytest.mark.parametrize("permission", Permission)


def on(plan: Plan, axis: str, tier: Tier) -> Plan:
    return plan._replace(service=tier) if axis == "service" else plan._replace(marketing=tier)


def lines(kind: str) -> list[list[str]]:
    with (HERE / "rules.csv").open(newline="", encoding="utf-8") as file:
        return [line[1:] for line in csv.reader(file) if line[0] == kind]


def test_every_permission_has_exactly_one_rule() -> None:
    assert sorted(line[0] for line in lines("p")) == sorted(Permission)


def test_rules_use_known_words_and_no_others() -> None:
    for inheriting, kinds in ((lines("g"), Role), (lines("g2"), Tier), (lines("g3"), Level)):
        assert {word for line in inheriting for word in line} <= set(kinds)
    for _, *words in lines("p"):
        for word, kind in zip(words, (Role, Level, Tier, Tier, AddOn, Holder), strict=True):
            assert word in set(kind)
    known = {line[0] for line in csv.reader((HERE / "rules.csv").read_text(encoding="utf-8").splitlines())}
    assert known == {"p", "g", "g2", "g3"}


def test_the_law_denies_nothing_and_evaluates_no_text() -> None:
    model = (HERE / "model.conf").read_text(encoding="utf-8")

    assert "e = some(where (p.eft == allow))" in model
    assert not [word for word in ("deny", "eval", "regexMatch", "keyMatch", "globMatch", "sub_rule") if word in model]


def test_every_role_includes_viewer_and_only_views_are_the_viewers() -> None:
    viewers = permissions_of({Role.VIEWER})

    assert viewers == {Permission.PIPELINE_VIEW, Permission.TICKET_VIEW}
    for role in Role:
        assert permissions_of({role}) >= viewers


def test_a_super_admin_holds_what_every_role_of_the_account_holds() -> None:
    others = set(Role) - {Role.SUPER_ADMIN, Role.OPERATOR}

    assert permissions_of({Role.SUPER_ADMIN}) > permissions_of(others)
    assert permissions_of({Role.OPERATOR}) > permissions_of({Role.SUPER_ADMIN})


def test_people_access_and_transfer_of_data_are_for_super_admins_and_plans_for_the_operator_alone() -> None:
    reserved = {Permission.ACCESS_MANAGE, Permission.PEOPLE_MANAGE, Permission.DATA_TRANSFER}

    for role in set(Role) - {Role.SUPER_ADMIN, Role.OPERATOR}:
        assert not permissions_of({role}) & (reserved | {Permission.PLAN_CHANGE})
    assert [role for role in Role if role_allows(Permission.PLAN_CHANGE, role)] == [Role.OPERATOR]


def test_no_rule_names_the_operator_but_the_one_of_the_plan() -> None:
    assert [line[0] for line in lines("p") if line[1] == Role.OPERATOR] == [Permission.PLAN_CHANGE]
    assert [line for line in lines("g") if line[1] == Role.OPERATOR] == []


def test_several_roles_together_hold_what_each_of_them_holds() -> None:
    both = permissions_of({Role.AGENT, Role.SETTINGS_EDITOR})

    assert both == permissions_of({Role.AGENT}) | permissions_of({Role.SETTINGS_EDITOR})
    assert permissions_of(()) == frozenset()


@EVERY_PERMISSION
def test_a_higher_tier_allows_what_a_lower_one_does(permission: Permission) -> None:
    for axis in AXES:
        allowed = [plan_allows(permission, on(EVERYTHING, axis, tier)) for tier in Tier]
        assert all(lower <= higher for lower, higher in pairwise(allowed))
        assert allowed[-1]


@EVERY_PERMISSION
def test_a_nearer_level_allows_what_a_farther_one_does(permission: Permission) -> None:
    allowed = [level_allows(permission, level) for level in (Level.ACCOUNT, Level.VIEW, Level.EDIT)]

    assert all(farther <= nearer for farther, nearer in pairwise(allowed))
    assert allowed[-1]


@EVERY_PERMISSION
def test_the_plan_that_a_refusal_names_is_the_least_that_would_do(permission: Permission) -> None:
    needed = needed_plan(permission)

    assert plan_allows(permission, needed)
    tiers = list(Tier)
    for axis in AXES:
        place = tiers.index(getattr(needed, axis))
        if place:
            assert not plan_allows(permission, on(needed, axis, tiers[place - 1]))
    for add_on in needed.add_ons:
        assert not plan_allows(permission, needed._replace(add_ons=needed.add_ons - {add_on}))


@EVERY_PERMISSION
def test_the_gate_answers_what_the_rule_says(permission: Permission) -> None:
    [rule] = [rule for rule in rules() if rule.permission is permission]

    assert role_allows(permission, rule.role)
    assert level_allows(permission, rule.level)
    assert plan_allows(permission, Plan(rule.service, rule.marketing, frozenset({rule.add_on})))


def test_the_three_questions_are_asked_apart() -> None:
    manage = Permission.ACCESS_MANAGE

    assert role_allows(manage, Role.SUPER_ADMIN)
    assert not plan_allows(manage, Plan(Tier.STARTER, Tier.ENTERPRISE))
    assert not role_allows(manage, Role.SETTINGS_EDITOR)
    assert plan_allows(manage, Plan(Tier.PROFESSIONAL, Tier.FREE))
    assert level_allows(Permission.TICKET_VIEW, Level.VIEW)
    assert not level_allows(Permission.TICKET_WRITE, Level.VIEW)


def test_a_marketing_tier_is_no_service_tier() -> None:
    assert not plan_allows(Permission.STAGE_ADD, Plan(Tier.FREE, Tier.ENTERPRISE))
    assert plan_allows(Permission.STAGE_ADD, Plan(Tier.STARTER, Tier.FREE))


def test_an_answer_is_computed_once() -> None:
    role_allows(Permission.TICKET_VIEW, Role.AGENT)
    before = role_allows.cache_info()

    role_allows(Permission.TICKET_VIEW, Role.AGENT)

    after = role_allows.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)
