"""Who may do what, on which plan: the words, the law and the gate.

The law is `rules.csv`, one line per permission; `gate.py` is the only file that speaks to Casbin. People, grants and
custom roles are facts and live in PostgreSQL, never here.
"""

from policies.gate import level_allows, needed_plan, permissions_of, plan_allows, role_allows
from policies.vocabulary import AddOn, Level, Permission, Plan, Role, Tier

__all__ = [
    "AddOn",
    "Level",
    "Permission",
    "Plan",
    "Role",
    "Tier",
    "level_allows",
    "needed_plan",
    "permissions_of",
    "plan_allows",
    "role_allows",
]
