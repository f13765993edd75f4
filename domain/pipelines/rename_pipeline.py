"""Renaming a pipeline (S9)."""

from domain.authorization import require
from domain.errors import expect_revision
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.pipelines.pipeline import Pipeline
from domain.pipelines.pipeline_events import change_pipeline
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def rename_pipeline(
    work: UnitOfWork, pipeline: Pipeline, label: str, *, expected_revision: int | None = None
) -> None:
    """Change the label alone: ids, internal name, tickets and automation stay (S9).

    Declines NOT_PERMITTED, CONFLICT, INVALID.
    """
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    expect_revision(pipeline.revision, expected_revision)
    label = clean_label(label)
    if label != pipeline.label:
        before, pipeline.label = pipeline.label, label
        change_pipeline(work, EventKind.PIPELINE_UPDATED, pipeline, {"label": before}, {"label": label})
