"""The gate: asks Casbin what the law says, and remembers the answer.

The only file that imports casbin. The law does not change while a process runs and the questions are few (a permission
times a role, a level or a plan), so every answer is computed once: no request waits for a matcher.
"""

import csv
import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import casbin
from casbin.core_enforcer import EnforceContext

from policies.vocabulary import AddOn, Holder, Level, Permission, Plan, Role, Tier

_HERE = Path(__file__).parent
_BY_ROLE = EnforceContext("r", "p", "e", "m")
_BY_PLAN = EnforceContext("r2", "p", "e", "m2")
_BY_LEVEL = EnforceContext("r3", "p", "e", "m3")

# Casbin writes every denial as a warning; a denial is an answer here, not news.
logging.getLogger("casbin").setLevel(logging.ERROR)


class Rule(NamedTuple):
    """One line of the law: the least role, level, tiers and the add-on that a permission asks for, and who can hold
    it.
    """

    permission: Permission
    role: Role
    level: Level
    service: Tier
    marketing: Tier
    add_on: AddOn
    holder: Holder


@cache
def _law() -> casbin.Enforcer:
    return casbin.Enforcer(str(_HERE / "model.conf"), str(_HERE / "rules.csv"))


@cache
def rules() -> tuple[Rule, ...]:
    """The permission lines of the law, in the order they are written."""
    with (_HERE / "rules.csv").open(newline="", encoding="utf-8") as file:
        lines = [line for line in csv.reader(file) if line[0] == "p"]
    return tuple(
        Rule(Permission(act), Role(role), Level(level), Tier(service), Tier(marketing), AddOn(add_on), Holder(holder))
        for _, act, role, level, service, marketing, add_on, holder in lines
    )


@cache
def rule_of(permission: Permission) -> Rule:
    """The line of the law about a permission."""
    return next(rule for rule in rules() if rule.permission is permission)


@cache
def role_allows(permission: Permission, role: Role) -> bool:
    """Whether a role, or one that it includes, holds the permission (spec, section C)."""
    return bool(_law().enforce(_BY_ROLE, permission.value, role.value))


@cache
def plan_allows(permission: Permission, plan: Plan) -> bool:
    """Whether the account's tiers and add-ons reach what the permission needs (S4, S12)."""
    add_ons = (AddOn.NONE.value, *(add_on.value for add_on in plan.add_ons))
    return bool(_law().enforce(_BY_PLAN, permission.value, plan.service.value, plan.marketing.value, add_ons))


@cache
def level_allows(permission: Permission, level: Level) -> bool:
    """Whether the level that an actor has on a pipeline is enough for the permission."""
    return bool(_law().enforce(_BY_LEVEL, permission.value, level.value))


@cache
def needed_plan(permission: Permission) -> Plan:
    """The least plan that allows the permission, for a refusal to name (S12)."""
    rule = rule_of(permission)
    return Plan(rule.service, rule.marketing, frozenset({rule.add_on}) - {AddOn.NONE})


@cache
def may_be_given(permission: Permission) -> bool:
    """Whether custom roles and API apps can hold it (spec, section C)."""
    return rule_of(permission).holder is Holder.ANYONE


@cache
def _permissions_of_roles(roles: frozenset[Role]) -> frozenset[Permission]:
    return frozenset(act for act in Permission if any(role_allows(act, role) for role in roles))


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that a set of roles allows."""
    return _permissions_of_roles(frozenset(roles))
