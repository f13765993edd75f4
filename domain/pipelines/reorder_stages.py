"""Reordering the stages of a pipeline (S22)."""

from domain.authorization import require
from domain.errors import expect_revision
from domain.events.event import EventKind
from domain.pipelines.pipeline import Pipeline
from domain.pipelines.pipeline_events import change_pipeline
from domain.pipelines.positions import number_stages
from domain.pipelines.submitted_order import resolve_order
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def reorder_stages(
    work: UnitOfWork, pipeline: Pipeline, order: list[Ref], *, expected_revision: int | None = None
) -> None:
    """Put the stages of a locked pipeline in a new order, atomically (S22). Declines STALE_ORDER, CONFLICT."""
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    expect_revision(pipeline.revision, expected_revision)
    wanted = resolve_order(pipeline.stages, order, "stages of this pipeline")
    if wanted == pipeline.stages:
        return
    before = {"order": [stage.internal_name for stage in pipeline.stages]}
    after = {"order": [stage.internal_name for stage in wanted]}
    number_stages(wanted)
    change_pipeline(work, EventKind.STAGES_REORDERED, pipeline, before, after)
