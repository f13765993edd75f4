"""Designing a pipeline: its name, its card, its stages and their labels (S4, S9, S15, S19, S23).

Flipping and deleting stages touch tickets and live there; order is in `arranging.py`.
"""

from uuid import UUID

from domain import properties
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Invalid, expect_revision
from domain.events.event import EventKind
from domain.labels import clean_label, internal_name
from domain.pipelines.create_pipeline import DEFAULT_STAGES, MOST_STAGES, SUPPORT
from domain.pipelines.finders import find_stage
from domain.pipelines.pipeline import Pipeline, Stage, StageState
from domain.pipelines.pipeline_events import change_pipeline, record_stage
from domain.pipelines.reorder_pipelines import number_stages
from domain.reference import BOTTOM, Place, Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission

MOST_ON_A_CARD = 20


async def rename_pipeline(
    work: UnitOfWork, pipeline: Pipeline, label: str, *, expected_revision: int | None = None
) -> None:
    """Change the label alone: ids, internal name, tickets and automation stay (S9). Declines CONFLICT."""
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    expect_revision(pipeline.revision, expected_revision)
    label = clean_label(label)
    if label != pipeline.label:
        before, pipeline.label = pipeline.label, label
        change_pipeline(work, EventKind.PIPELINE_UPDATED, pipeline, {"label": before}, {"label": label})


async def set_pipeline_card(
    work: UnitOfWork, pipeline: Pipeline, names: list[str], *, expected_revision: int | None = None
) -> None:
    """Choose, in order, the properties that the pipeline's cards show (S15). Declines unknown and repeated ones, and
    CONFLICT.
    """
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    expect_revision(pipeline.revision, expected_revision)
    if len(names) > MOST_ON_A_CARD:
        raise Invalid(f"A card shows at most {MOST_ON_A_CARD} properties.", field=("properties",))
    await properties.check_names(work, names, field=("properties",))
    if names != pipeline.card:
        before, pipeline.card = pipeline.card, names
        change_pipeline(work, EventKind.PIPELINE_UPDATED, pipeline, {"card": before}, {"card": names})


async def add_stage(
    work: UnitOfWork, pipeline: Pipeline, *, label: str, state: StageState, place: Place = BOTTOM
) -> UUID:
    """Add a stage after the existing ones, or at a place among them (S19).

    Declines NOT_PERMITTED, PLAN_TOO_LOW below STARTER (S4), and more than 100 stages.
    """
    require(work.actor, Permission.STAGE_ADD, level=pipeline.level)
    label = clean_label(label)
    taken = {stage.internal_name for stage in pipeline.stages}
    order = list(pipeline.stages)
    pipeline.revision += 1
    return await _insert(
        work, order, _index(pipeline, place), _new(pipeline, label, internal_name(label, taken), state)
    )


async def restore_default_stages(work: UnitOfWork, pipeline: Pipeline) -> None:
    """Bring back, at the end, those of the four default stages that were deleted; also on FREE (S4).

    Elsewhere than in the pipeline that every account is born with they may never have been: there it is adding stages.
    """
    born_with = pipeline.internal_name == SUPPORT
    require(work.actor, Permission.PIPELINE_EDIT if born_with else Permission.STAGE_ADD, level=pipeline.level)
    taken = {stage.internal_name for stage in pipeline.stages}
    missing = [(name, draft) for draft in DEFAULT_STAGES if (name := internal_name(draft.label)) not in taken]
    if not missing:
        return
    pipeline.revision += 1
    order = list(pipeline.stages)
    for name, draft in missing:
        await _insert(work, order, len(order), _new(pipeline, draft.label, name, draft.state))


async def rename_stage(work: UnitOfWork, pipeline: Pipeline, stage: Stage, label: str) -> None:
    """Change a stage's label alone; its internal name stays (S23)."""
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    label = clean_label(label)
    if label == stage.label:
        return
    before, stage.label = stage.label, label
    stage.revision += 1
    record_stage(work, EventKind.STAGE_UPDATED, stage, before={"label": before}, after={"label": label})


def _new(pipeline: Pipeline, label: str, name: str, state: StageState) -> Stage:
    return Stage(
        account_id=pipeline.account_id,
        id=new_id(),
        pipeline_id=pipeline.id,
        internal_name=name,
        label=label,
        state=state.value,
    )


async def _insert(work: UnitOfWork, order: list[Stage], index: int, made: Stage) -> UUID:
    if len(order) >= MOST_STAGES:
        raise Invalid(f"A pipeline takes at most {MOST_STAGES} stages.", field=("pipeline",))
    order.insert(index, made)
    work.session.add(made)
    number_stages(order)
    await work.session.flush()
    record_stage(work, EventKind.STAGE_CREATED, made, after={"label": made.label, "state": made.state})
    return made.id


def _index(pipeline: Pipeline, place: Place) -> int:
    if place.top:
        return 0
    if place.before is not None:
        return pipeline.stages.index(find_stage(pipeline, Ref(id=place.before), field=("place", "before")))
    if place.after is not None:
        return pipeline.stages.index(find_stage(pipeline, Ref(id=place.after), field=("place", "after"))) + 1
    return len(pipeline.stages)
