"""The label of a stage (S23)."""

from domain.authorization import require
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.pipelines.pipeline import Pipeline, Stage
from domain.pipelines.pipeline_events import record_stage
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def rename_stage(work: UnitOfWork, pipeline: Pipeline, stage: Stage, label: str) -> None:
    """Change the label of a stage; its internal name stays (S23). Declines NOT_PERMITTED, INVALID."""
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    label = clean_label(label)
    if label == stage.label:
        return
    before, stage.label = stage.label, label
    stage.revision += 1
    record_stage(work, EventKind.STAGE_UPDATED, stage, before={"label": before}, after={"label": label})
