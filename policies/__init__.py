"""Who may do what, on which plan: the words, the law and the gate.

The law is `rules.csv`, one line per permission; `gate.py` is the only file that speaks to Casbin. People, grants and
custom roles are facts and live in PostgreSQL, never here.
"""

from policies.gate import (
    Rule,
    level_allows,
    may_be_given,
    needed_plan,
    permissions_of,
    plan_allows,
    role_allows,
    rule_of,
)
from policies.vocabulary import AddOn, Holder, Level, Permission, Plan, Role, Tier

__all__ = [
    "AddOn",
    "Holder",
    "Level",
    "Permission",
    "Plan",
    "Role",
    "Rule",
    "Tier",
    "level_allows",
    "may_be_given",
    "needed_plan",
    "permissions_of",
    "plan_allows",
    "role_allows",
    "rule_of",
]
