"""Founding an account and creating pipelines (S3, S4, S6–S8): both end with a pipeline that is usable at once."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from domain import access, accounts, apps
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Invalid, PlanLimitReached
from domain.events.event import EventKind, JournalHead
from domain.labels import clean_label, internal_name, key_prefix, secret_name
from domain.pipelines.pipeline import Pipeline, Stage, StageState
from domain.pipelines.stage_states import require_both_states
from domain.properties import BuiltIn
from domain.unit_of_work import UnitOfWork
from policies import Permission, Plan

MOST_STAGES = 100
DEFAULT_CARD = [BuiltIn.KEY.value, BuiltIn.PRIORITY.value, BuiltIn.CREATED_AT.value]


class StageDraft(NamedTuple):
    """A stage to be: its label and state."""

    label: str
    state: StageState


SUPPORT = "support"  # the internal name of the pipeline that every account is born with (S3)
DEFAULT_LABEL = "Support Pipeline"
DEFAULT_STAGES = (
    StageDraft("New", StageState.OPEN),
    StageDraft("Waiting on contact", StageState.OPEN),
    StageDraft("Waiting on us", StageState.OPEN),
    StageDraft("Closed", StageState.CLOSED),
)


async def found_account(work: UnitOfWork, *, name: str, slug: str, plan: Plan, time_zone: str = "UTC") -> UUID:
    """Make the account of the unit, with the default support pipeline that every account has from birth (S3)."""
    require(work.actor, Permission.PLAN_CHANGE)
    work.session.add(
        accounts.Account(
            id=work.account_id,
            name=clean_label(name, field=("name",)),
            slug=slug,
            service_tier=plan.service.value,
            marketing_tier=plan.marketing.value,
            add_ons=sorted(plan.add_ons),
            time_zone=time_zone,
        )
    )
    await work.session.flush()
    accounts.enlist(work.session, accounts.DirectoryKind.ACCOUNT, slug, work.account_id, work.account_id)
    work.session.add(JournalHead(account_id=work.account_id, last_number=0))
    work.record(EventKind.ACCOUNT_CREATED, "account", work.account_id, after={"name": name, "plan": plan.service})
    support = Pipeline(internal_name=SUPPORT, label=DEFAULT_LABEL, position=1, key_prefix="SUP", is_default=True)
    await _add(work, support, list(DEFAULT_STAGES))
    return work.account_id


async def create_pipeline(
    work: UnitOfWork, *, label: str, stages: list[StageDraft] | None, limits: accounts.PipelineLimits
) -> UUID:
    """Create a pipeline after the others; it is born with the default four stages unless stages are given (S8).

    Declines NOT_PERMITTED, PLAN_LIMIT_REACHED with plan, limit and usage (S6, S7), PLAN_TOO_LOW where the plan has no
    stages of one's own (S4), and stages that are not at least one OPEN and one CLOSED (S21).
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
    return await _add(work, made, drafts)


async def count_pipelines(work: UnitOfWork) -> int:
    """How many pipelines the account has, hidden ones too: for those alone who may create some (settled choice 19)."""
    counted = select(func.count()).select_from(Pipeline).where(Pipeline.account_id == work.account_id)
    return (await work.session.execute(counted)).scalar_one()


def _limit_reached(plan: str, limit: int, used: int) -> PlanLimitReached:
    return PlanLimitReached(
        f"The {plan} plan allows {limit} pipeline{'s' if limit != 1 else ''} and the account has {used}.",
        plan=plan,
        limit=limit,
        used=used,
    )


def _check(stages: list[StageDraft]) -> list[StageDraft]:
    if len(stages) > MOST_STAGES:
        raise Invalid(f"A pipeline takes at most {MOST_STAGES} stages.", field=("stages",))
    require_both_states([stage.state for stage in stages], field=("stages",))
    return [
        StageDraft(clean_label(stage.label, field=("stages", str(place), "label")), stage.state)
        for place, stage in enumerate(stages)
    ]


async def _add(work: UnitOfWork, pipeline: Pipeline, drafts: list[StageDraft]) -> UUID:
    pipeline.account_id, pipeline.id, pipeline.card = work.account_id, new_id(), DEFAULT_CARD
    pipeline.created_at = await work.clock()
    work.session.add(pipeline)
    await work.session.flush()
    access.open_to_everyone(work, pipeline.id)
    apps.list_own(work, pipeline.id)
    taken: set[str] = set()
    for place, draft in enumerate(drafts, start=1):
        name = internal_name(draft.label, taken)
        taken.add(name)
        work.session.add(
            Stage(
                account_id=work.account_id,
                id=new_id(),
                pipeline_id=pipeline.id,
                internal_name=name,
                label=draft.label,
                state=draft.state.value,
                position=place,
            )
        )
    after = {"label": pipeline.label, "stages": [draft.label for draft in drafts]}
    pipelines = (None, pipeline.id)
    work.record(EventKind.PIPELINE_CREATED, "pipeline", pipeline.id, after=after, pipelines=pipelines)
    return pipeline.id
