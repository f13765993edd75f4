"""Explaining a decision: the same steps in the same order as the gate and the finders take, each with why (B17, spec,
section C).

Pure: it judges facts that were read before, and tests hold it against what finders and `require` do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.access.pipeline_access import AccessMode
from domain.actor import Actor
from domain.errors import NotFound, NotPermitted, PlanTooLow
from policies import Level, Permission, Role, level_allows, needed_plan, plan_allows, role_allows, rule_of

# What is asked of a ticket itself, and so depends on the actor's edit scope.
OF_TICKETS = frozenset({Permission.TICKET_WRITE, Permission.TICKET_DELETE})


class StepKind(StrEnum):
    """The steps of a decision, in their order."""

    TENANT = "TENANT"
    VISIBLE = "VISIBLE"
    PERMISSION = "PERMISSION"
    LEVEL = "LEVEL"
    EDIT_SCOPE = "EDIT_SCOPE"
    PLAN = "PLAN"


class HeldRole(NamedTuple):
    """A custom role that a user holds, and what it allows."""

    id: UUID
    name: str
    permissions: frozenset[Permission]


class GrantFact(NamedTuple):
    """A grant that names a user or one of their teams, and whether it gives them its level now."""

    level: Level
    team_id: UUID | None
    since: datetime
    by: UUID | None
    until: datetime | None
    counts: bool


@dataclass(frozen=True)
class Facts:
    """What a decision about one user and one pipeline rests on; `level` is what SQL gives them there."""

    actor: Actor
    name: str
    active: bool
    custom_roles: Sequence[HeldRole]
    mode: AccessMode
    is_creator: bool
    grants: Sequence[GrantFact]
    level: Level | None


class TicketSight(NamedTuple):
    """Whether a ticket lies in a user's view scope and in their edit scope, as SQL says."""

    viewed: bool
    edited: bool


class Step(NamedTuple):
    """One step: whether it lets pass, and why."""

    kind: StepKind
    passed: bool
    sentence: str


@dataclass(frozen=True)
class Explanation:
    """What would be answered, and every step; the first that does not let pass has decided."""

    facts: Facts
    permission: Permission
    ticket: TicketSight | None
    steps: Sequence[Step]

    @property
    def decisive(self) -> Step | None:
        """The step that has declined; None when it is allowed."""
        return next((step for step in self.steps if not step.passed), None)

    @property
    def code(self) -> str | None:
        """The code of the refusal; None when it is allowed."""
        return _CODES[self.decisive.kind] if self.decisive else None

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        if self.decisive:
            return self.decisive.sentence
        return f"{self.facts.name} may do this: {self.permission.value}."

    @property
    def roles(self) -> list[Role]:
        """The roles of the user that include the permission."""
        return sorted(role for role in self.facts.actor.roles if role_allows(self.permission, role))

    @property
    def custom_roles(self) -> list[HeldRole]:
        """The custom roles of the user that include the permission."""
        return [role for role in self.facts.custom_roles if self.permission in role.permissions]


_CODES = {
    StepKind.TENANT: NotFound.code,
    StepKind.VISIBLE: NotFound.code,
    StepKind.PERMISSION: NotPermitted.code,
    StepKind.LEVEL: NotPermitted.code,
    StepKind.EDIT_SCOPE: NotPermitted.code,
    StepKind.PLAN: PlanTooLow.code,
}


def explain(facts: Facts, permission: Permission, ticket: TicketSight | None = None) -> Explanation:
    """Whether a user may do this with a pipeline, or with a ticket in it, and every step that led there."""
    return Explanation(facts, permission, ticket, tuple(_steps(facts, permission, ticket)))


def _steps(facts: Facts, permission: Permission, ticket: TicketSight | None) -> Iterator[Step]:
    yield _tenant(facts)
    yield _visible(facts, ticket)
    yield _permission(facts, permission)
    yield _level(facts, permission)
    yield _edit_scope(facts, permission, ticket)
    yield _plan(facts, permission)


def _tenant(facts: Facts) -> Step:
    said = "is an active user" if facts.active else "is not an active user"
    return Step(StepKind.TENANT, facts.active, f"{facts.name} {said} of the account.")


def _visible(facts: Facts, ticket: TicketSight | None) -> Step:
    sentence = _way_in(facts)
    if facts.level is None or ticket is None:
        return Step(StepKind.VISIBLE, facts.level is not None, sentence)
    if Permission.TICKET_VIEW not in facts.actor.permissions:
        return Step(StepKind.VISIBLE, False, f"No role of {facts.name} sees tickets.")
    inside = "inside" if ticket.viewed else "outside"
    return Step(
        StepKind.VISIBLE, ticket.viewed, f"{sentence} The ticket is {inside} the tickets that {facts.name} may view."
    )


def _way_in(facts: Facts) -> str:
    """By what the user sees the pipeline, or why not."""
    if Permission.PIPELINE_VIEW not in facts.actor.permissions:
        return f"{facts.name} holds no role, and so sees no pipeline."
    if facts.actor.is_super_admin:
        return "Super admins see every pipeline."
    if facts.mode is AccessMode.EVERYONE:
        return "The pipeline is open to everybody in the account."
    if facts.mode is AccessMode.PRIVATE:
        which = f"{facts.name} created it" if facts.is_creator else f"{facts.name} did not create it"
        return f"The pipeline is for its creator and super admins, and {which}."
    which = f"a grant gives {facts.name} {facts.level}" if facts.level else f"no grant in force is for {facts.name}"
    return f"The pipeline is for those with a grant and super admins, and {which}."


def _permission(facts: Facts, permission: Permission) -> Step:
    passed, least = permission in facts.actor.permissions, rule_of(permission).role
    if passed:
        return Step(StepKind.PERMISSION, True, f"The roles of {facts.name} include {permission.value}.")
    sentence = f"The roles of {facts.name} do not include {permission.value}; {least.value} is the least that does."
    return Step(StepKind.PERMISSION, False, sentence)


def _level(facts: Facts, permission: Permission) -> Step:
    needed = rule_of(permission).level
    passed = level_allows(permission, facts.level or Level.ACCOUNT)
    if needed is Level.ACCOUNT:
        return Step(StepKind.LEVEL, passed, f"{permission.value} needs no level on a pipeline.")
    has = f"{facts.name} has {facts.level}" if facts.level else f"{facts.name} has none"
    return Step(StepKind.LEVEL, passed, f"{permission.value} needs {needed.value} level, and {has}.")


def _edit_scope(facts: Facts, permission: Permission, ticket: TicketSight | None) -> Step:
    if permission not in OF_TICKETS:
        return Step(StepKind.EDIT_SCOPE, True, f"{permission.value} does not depend on which tickets may be edited.")
    if facts.actor.is_super_admin:
        return Step(StepKind.EDIT_SCOPE, True, "Super admins may edit every ticket.")
    if ticket is None:
        some = "some" if facts.actor.edits_tickets else "no"
        return Step(StepKind.EDIT_SCOPE, facts.actor.edits_tickets, f"{facts.name} may edit {some} tickets.")
    inside = "inside" if ticket.edited else "outside"
    sentence = f"The ticket is {inside} the tickets that {facts.name} may edit."
    return Step(StepKind.EDIT_SCOPE, ticket.edited, sentence)


def _plan(facts: Facts, permission: Permission) -> Step:
    plan, needed = facts.actor.plan, needed_plan(permission)
    sentence = f"This needs the {needed.service.value} plan or a higher one; the account is on {plan.service.value}."
    return Step(StepKind.PLAN, plan_allows(permission, plan), sentence)
