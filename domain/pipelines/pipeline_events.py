"""Events of pipelines and their stages, visible to viewers of the pipeline."""

from domain.database.model import Json
from domain.events.event import EventKind
from domain.pipelines.pipeline import Pipeline, Stage
from domain.unit_of_work import UnitOfWork


def change_pipeline(
    work: UnitOfWork, kind: EventKind, pipeline: Pipeline, before: Json | None, after: Json | None
) -> None:
    """Increase the revision of a pipeline and record an event."""
    pipeline.revision += 1
    pipelines = (pipeline.id, pipeline.id)
    work.record(kind, "pipeline", pipeline.id, before=before, after=after, pipelines=pipelines)


def record_stage(
    work: UnitOfWork, kind: EventKind, stage: Stage, *, before: Json | None = None, after: Json | None = None
) -> None:
    """Record a change of a stage."""
    pipelines = (stage.pipeline_id, stage.pipeline_id)
    work.record(kind, "stage", stage.id, before=before, after=after, pipelines=pipelines)
