"""Whether an actor may do a thing: one decision in one fixed order, for every door (spec, section C).

It judges what finders have already shown to the actor; it never looks anything up. Order: permission, pipeline level,
edit scope, plan. What a rule of a stage says comes after, in the verbs.
"""

from domain.actor import Actor
from domain.errors import NotPermitted, PlanTooLow, Refusal
from policies import Level, Permission, Plan, level_allows, needed_plan, plan_allows


def denial(
    actor: Actor, permission: Permission, *, level: str | None = Level.ACCOUNT, in_scope: bool = True
) -> Refusal | None:
    """Why the actor may not do this, or None when they may.

    `level` is the actor's level on the pipeline concerned (ACCOUNT where none is), `in_scope` whether the ticket
    concerned lies in their edit scope (B21). The two refusals NOT_PERMITTED and PLAN_TOO_LOW are independent (S11,
    S12).
    """
    if permission not in actor.permissions:
        return NotPermitted(f"Your roles do not include {permission.value}.", permission=permission.value)
    if level is None:
        raise LookupError("find the pipeline again: a change made it forget the actor's level")
    if not level_allows(permission, Level(level)):
        return NotPermitted("You may only view this pipeline.", permission=permission.value)
    if not in_scope:
        return NotPermitted("This ticket is outside the tickets that you may edit.", permission=permission.value)
    if not plan_allows(permission, actor.plan):
        return too_low(permission, actor.plan)
    return None


def require(actor: Actor, permission: Permission, *, level: str | None = Level.ACCOUNT, in_scope: bool = True) -> None:
    """Refuse with NOT_PERMITTED or PLAN_TOO_LOW unless the actor may do this; the first line of every verb (law 1)."""
    refusal = denial(actor, permission, level=level, in_scope=in_scope)
    if refusal is not None:
        raise refusal


def too_low(permission: Permission, plan: Plan) -> PlanTooLow:
    """The refusal that names the least plan which would do (S12)."""
    needed = needed_plan(permission)
    return PlanTooLow(
        f"This needs the {needed.service.value} plan or a higher one; the account is on {plan.service.value}.",
        needed=needed.service.value,
        current=plan.service.value,
    )
