"""Explanations of decisions as clients see them: every step, and the facts that it rested on."""

from datetime import datetime
from typing import Any

import strawberry

from domain.access import Explanation, GrantFact, Step, StepKind
from domain.actor import TicketScope as Scope
from policies import needed_plan, rule_of
from resolvers.access import ExplanationView
from schema.access.types import AccessLevel
from schema.accounts.plans import BoughtPlan
from schema.accounts.types import Team, User, UserRole
from schema.enums import AccessMode
from schema.errors import UserErrorCode
from schema.people.types import PermissionRule, TicketScope
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter

strawberry.enum(
    StepKind,
    name="ExplanationStepKind",
    description="The steps of every decision, in their order: whether the user works in the account, whether they see "
    "what is asked about, whether their roles include the permission, whether their level on the pipeline is enough, "
    "whether the ticket is one that they may edit, and whether the plan includes it.",
)


@strawberry.type(description="A grant that names the user, or a team that they are in.")
class ExplainedGrant:
    """A grant, and whether it counts."""

    level: AccessLevel = strawberry.field(description="The level that it is for.")
    team: Team | None = strawberry.field(description="The team that it is for; null when it is for the user.")
    granted_at: datetime = strawberry.field(description="When it was given.")
    granted_by: User | None = strawberry.field(description="Who gave it; null for the operator.")
    until: datetime | None = strawberry.field(description="When it ends, or ended; null when it does not.")
    counts: bool = strawberry.field(
        description="Whether it gives its level now: not after its end, for a team that is not active, under another "
        "mode than RESTRICTED, or to super admins, who need none."
    )

    @classmethod
    def of(cls, grant: GrantFact, presenter: Presenter) -> "ExplainedGrant":
        """From a grant as it was found."""
        return cls(
            level=AccessLevel(grant.level.value),
            team=presenter.team(grant.team_id),
            granted_at=grant.since,
            granted_by=presenter.user(grant.by),
            until=grant.until,
            counts=grant.counts,
        )


@strawberry.type(description="One step of a decision. Facts are null on the steps that do not rest on them.")
class ExplanationStep:
    """Whether a step lets pass, and why."""

    kind: StepKind = strawberry.field(description="Which step it is.")
    passed: bool = strawberry.field(description="Whether it lets pass.")
    sentence: str = strawberry.field(description="Why, as a sentence for people.")
    mode: AccessMode | None = strawberry.field(default=None, description="VISIBLE: the access mode of the pipeline.")
    is_creator: bool | None = strawberry.field(
        default=None, description="VISIBLE: whether the user created the pipeline, which counts under PRIVATE."
    )
    grants: list[ExplainedGrant] | None = strawberry.field(
        default=None, description="VISIBLE: all grants that name the user or a team that they are in, ended ones too."
    )
    level: AccessLevel | None = strawberry.field(
        default=None, description="VISIBLE and LEVEL: the level that the user has; null also when they have none."
    )
    scope: TicketScope | None = strawberry.field(
        default=None,
        description="VISIBLE, of a ticket: what the user may view; EDIT_SCOPE: what they may edit. Null for super "
        "admins, who have no scope.",
    )
    roles: list[UserRole] | None = strawberry.field(
        default=None, description="PERMISSION: the built-in roles of the user that include it."
    )
    custom_roles: list[str] | None = strawberry.field(
        default=None, description="PERMISSION: the names of the custom roles of the user that include it."
    )
    rule: str | None = strawberry.field(
        default=None, description="PERMISSION, LEVEL and PLAN: the line of the law, as it is written."
    )
    plan: BoughtPlan | None = strawberry.field(default=None, description="PLAN: what the account has bought.")
    needed_plan: BoughtPlan | None = strawberry.field(default=None, description="PLAN: the least that would do.")

    @classmethod
    def of(cls, step: Step, of: Explanation, presenter: Presenter) -> "ExplanationStep":
        """From a step of an explanation."""
        return cls(kind=step.kind, passed=step.passed, sentence=step.sentence, **_facts(step.kind, of, presenter))


@strawberry.type(description="Whether a user may do something, and every step that leads there.")
class AccessExplanation:
    """An answer and its reasons (B17)."""

    user: User = strawberry.field(description="The user that was asked about.")
    pipeline: Pipeline = strawberry.field(description="The pipeline that was asked about, or that of the ticket.")
    permission: PermissionRule = strawberry.field(description="What was asked for, as the law has it.")
    allowed: bool = strawberry.field(description="Whether the user may do it now.")
    code: UserErrorCode | None = strawberry.field(
        description="What the user would hear instead: NOT_FOUND, NOT_PERMITTED or PLAN_TOO_LOW; null when allowed."
    )
    sentence: str = strawberry.field(description="The answer as a sentence for people.")
    steps: list[ExplanationStep] = strawberry.field(
        description="All steps in the order of every decision; the first that does not let pass has decided."
    )

    @classmethod
    def of(cls, view: ExplanationView) -> "AccessExplanation":
        """From an explanation and the names around it."""
        presenter, told = Presenter(view.related), view.explanation
        user = presenter.user(told.facts.actor.id)
        if user is None:
            raise LookupError("the user that was asked about has no name")
        return cls(
            user=user,
            pipeline=pipeline_of(view.pipeline.id, presenter),
            permission=PermissionRule.of(told.permission),
            allowed=told.code is None,
            code=UserErrorCode(told.code) if told.code else None,
            sentence=told.sentence,
            steps=[ExplanationStep.of(step, told, presenter) for step in told.steps],
        )


def _facts(kind: StepKind, of: Explanation, presenter: Presenter) -> dict[str, Any]:
    """What a step rests on, by the names of the fields that show it."""
    facts, rule = of.facts, {"rule": ",".join(["p", *rule_of(of.permission)])}
    level = {"level": AccessLevel(facts.level.value) if facts.level else None}
    match kind:
        case StepKind.VISIBLE:
            grants = [ExplainedGrant.of(grant, presenter) for grant in facts.grants]
            seen = {"mode": facts.mode, "is_creator": facts.is_creator, "grants": grants, **level}
            return seen | (_scope(of, facts.actor.view) if of.ticket else {})
        case StepKind.PERMISSION:
            names = [role.name for role in of.custom_roles]
            return {"roles": [UserRole(role.value) for role in of.roles], "custom_roles": names, **rule}
        case StepKind.LEVEL:
            return level | rule
        case StepKind.EDIT_SCOPE:
            return _scope(of, facts.actor.edit)
        case StepKind.PLAN:
            needed = BoughtPlan.of(needed_plan(of.permission))
            return {"plan": BoughtPlan.of(facts.actor.plan), "needed_plan": needed, **rule}
        case _:
            return {}


def _scope(of: Explanation, scope: Scope) -> dict[str, Any]:
    return {} if of.facts.actor.is_super_admin else {"scope": TicketScope.of(scope)}
