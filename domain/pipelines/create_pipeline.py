"""Creating a pipeline after the others (S4, S6–S8, S21)."""

from uuid import UUID

from sqlalchemy import func, select

from domain import accounts
from domain.authorization import require
from domain.errors import Invalid, PlanLimitReached
from domain.labels import clean_label, key_prefix, secret_name
from domain.pipelines.default_stages import DEFAULT_STAGES, MOST_STAGES, StageDraft
from domain.pipelines.new_pipeline import insert_pipeline
from domain.pipelines.pipeline import Pipeline
from domain.pipelines.stage_states import require_both_states
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def create_pipeline(
    work: UnitOfWork, *, label: str, stages: list[StageDraft] | None, limits: accounts.PipelineLimits
) -> UUID:
    """Create a pipeline after the others, with the four default stages unless stages are given, and return its id (S8).

    Declines NOT_PERMITTED; PLAN_LIMIT_REACHED with plan, limit and usage (S6, S7); PLAN_TOO_LOW for own stages on a
    plan without them (S4); STATE_MISSING without an OPEN and a CLOSED stage (S21); INVALID.
    """
    require(work.actor, Permission.PIPELINE_CREATE)
    account = await accounts.lock_account(work)
    counted = select(func.count(), func.max(Pipeline.position)).where(Pipeline.account_id == work.account_id)
    used, last = (await work.session.execute(counted)).one()
    limit = limits[account.plan.service]
    if used >= limit:
        raise _limit_reached(account.service_tier, limit, used)
    if stages is not None:
        require(work.actor, Permission.STAGE_ADD, level="EDIT")
    drafts = list(DEFAULT_STAGES) if stages is None else _check(stages)
    label = clean_label(label)
    made = Pipeline(
        internal_name=secret_name(label), label=label, position=(last or 0) + 1, key_prefix=key_prefix(label)
    )
    return await insert_pipeline(work, made, drafts)


def _limit_reached(plan: str, limit: int, used: int) -> PlanLimitReached:
    return PlanLimitReached(
        f"The {plan} plan allows {limit} pipeline{'s' if limit != 1 else ''} and the account has {used}.",
        plan=plan,
        limit=limit,
        used=used,
    )


def _check(stages: list[StageDraft]) -> list[StageDraft]:
    if len(stages) > MOST_STAGES:
        raise Invalid(f"A pipeline has at most {MOST_STAGES} stages.", field=("stages",))
    require_both_states([stage.state for stage in stages], field=("stages",))
    return [
        StageDraft(clean_label(stage.label, field=("stages", str(place), "label")), stage.state)
        for place, stage in enumerate(stages)
    ]
