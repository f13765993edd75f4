"""Prints the whole law, role by role and tier by tier, to access_matrix.md: what is reviewed when a rule changes.

Regenerate with `.venv/bin/python -m tests.policies.print_matrix`.
"""

from collections.abc import Iterator
from pathlib import Path

from policies import AddOn, Holder, Level, Permission, Plan, Role, Tier, plan_allows, role_allows
from policies.gate import Rule, rules

PAGE = Path(__file__).parent / "access_matrix.md"

_HEAD = """\
# Who may do what

The law of `policies/rules.csv`, as the gate reads it; `python -m tests.policies.print_matrix` writes this page and no
hand does. Who holds several roles may do what any of them may.

- **yes**: allowed on that service tier, given the level on the pipeline and what else is needed.
- **NOT_PERMITTED**: the role does not include it. It is told first, whatever the plan.
- **PLAN_TOO_LOW**: the role includes it and the account's tier does not.

*Level* is what the actor needs on the pipeline concerned; *besides* is a marketing tier or an add-on that is needed on
every service tier, and whether custom roles and API apps are kept from it. Limits of number, such as
PLAN_LIMIT_REACHED, come after all of this.
"""


def matrix() -> str:
    """The page."""
    return "\n".join([_HEAD, *[line for role in Role for line in _section(role)]])


def cell(permission: Permission, role: Role, tier: Tier) -> str:
    """What an actor with that role hears on that service tier, everything else given."""
    if not role_allows(permission, role):
        return "NOT_PERMITTED"
    plan = Plan(tier, Tier.ENTERPRISE, frozenset(AddOn))
    return "yes" if plan_allows(permission, plan) else "PLAN_TOO_LOW"


def _section(role: Role) -> Iterator[str]:
    yield f"## {role.value}\n"
    yield _row("permission", "level", *Tier, "besides")
    yield _row(*["---"] * (len(Tier) + 3))
    for rule in rules():
        cells = [cell(rule.permission, role, tier) for tier in Tier]
        level = "–" if rule.level is Level.ACCOUNT else rule.level.value
        yield _row(rule.permission.value, level, *cells, _besides(rule))
    yield ""


def _besides(rule: Rule) -> str:
    needed = [f"marketing {rule.marketing.value}"] if rule.marketing is not Tier.FREE else []
    needed += [rule.add_on.value] if rule.add_on is not AddOn.NONE else []
    needed += ["no custom role, no app"] if rule.holder is Holder.ROLE else []
    return ", ".join(needed) or "–"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(matrix(), encoding="utf-8")
