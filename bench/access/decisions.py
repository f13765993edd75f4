"""How many decisions a second: by our gate, which asks Casbin once for each answer, by Casbin asked every time, and by
Casbin with a line for each grant, which is what keeping grants in SQL avoids.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import casbin
from casbin.core_enforcer import EnforceContext
from casbin.persist.adapters.string_adapter import StringAdapter

import policies
from domain.actor import Actor, ActorKind
from domain.authorization import denial
from policies import Level, Permission, Plan, Role, Tier

_HERE = Path(policies.__file__).parent
_GRANTS = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
"""


class Rate(NamedTuple):
    """How many decisions a second something makes."""

    what: str
    per_second: float


def decide(grants: int) -> list[Rate]:
    """The rates of all three."""
    return [_ours(), _asked_every_time(), _with_grants(grants)]


def _ours() -> Rate:
    plan = Plan(Tier.PROFESSIONAL, Tier.FREE)
    actor = Actor(UUID(int=1), ActorKind.PERSON, UUID(int=2), frozenset({Role.AGENT}), plan)

    def whole() -> object:
        return denial(actor, Permission.TICKET_WRITE, level=Level.EDIT.value)

    return Rate("our gate: role, level, scope and plan, each asked of Casbin once", _rate(whole))


def _asked_every_time() -> Rate:
    law = casbin.Enforcer(str(_HERE / "model.conf"), str(_HERE / "rules.csv"))
    by_role, by_plan, by_level = (
        EnforceContext("r", "p", "e", "m"),
        EnforceContext("r2", "p", "e", "m2"),
        EnforceContext("r3", "p", "e", "m3"),
    )
    act = Permission.TICKET_WRITE.value

    def whole() -> bool:
        return bool(
            law.enforce(by_role, act, Role.AGENT.value)
            and law.enforce(by_level, act, Level.EDIT.value)
            and law.enforce(by_plan, act, Tier.PROFESSIONAL.value, Tier.FREE.value, ("NONE",))
        )

    return Rate("Casbin over the same law, asked every time", _rate(whole))


def _with_grants(grants: int) -> Rate:
    model = casbin.Model()
    model.load_model_from_text(_GRANTS)
    # Loaded as a whole: adding a line looks for it in all the others first.
    lines = "\n".join(f"p, user-{n % 1000}, pipeline-{n // 20}, EDIT" for n in range(grants))
    enforcer = casbin.Enforcer(model, StringAdapter(lines))
    last = (f"user-{(grants - 1) % 1000}", f"pipeline-{(grants - 1) // 20}", "EDIT")

    def whole() -> object:
        return enforcer.enforce(*last)

    return Rate(f"Casbin with {grants:,} lines of grants", _rate(whole))


def _rate(decision: Callable[[], object], seconds: float = 1.0) -> float:
    """Decisions a second, over a second or three decisions, whichever takes longer."""
    decision()
    count, step, begun = 0, 3, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for _ in range(step):
            decision()
        count += step
        step = min(2 * step, 10_000) if time.perf_counter() - begun < seconds / 100 else step
    return count / (time.perf_counter() - begun)
