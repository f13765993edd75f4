"""What the mutations of pipelines and stages have in common."""

from typing import Self

import strawberry

from resolvers.pipelines import PipelineView
from schema.mutation import Payload
from schema.pipelines.stage import Stage
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter


@strawberry.type
class PipelinePayload(Payload):
    """The fields of payloads that return one pipeline."""

    pipeline: Pipeline | None = strawberry.field(
        default=None,
        description="The pipeline as it is now; null if the request was declined, or if the viewer no longer sees it.",
    )

    @classmethod
    def of(cls, view: PipelineView | None) -> Self:
        """The pipeline that was read again after the commit."""
        return cls(pipeline=view_pipeline(view))


@strawberry.type
class StagePayload(PipelinePayload):
    """The fields of payloads that return one stage."""

    stage: Stage | None = strawberry.field(
        default=None,
        description="The stage as it is now; null if the request was declined, or if the viewer no longer sees it.",
    )

    @classmethod
    def of(cls, view: PipelineView | None) -> Self:
        """The stage that was read again after the commit, and its pipeline."""
        stage = Stage.of(view.stage) if view and view.stage else None
        return cls(pipeline=view_pipeline(view), stage=stage)


def view_pipeline(view: PipelineView | None) -> Pipeline | None:
    """The pipeline of a view as clients see it."""
    return pipeline_of(view.pipeline.id, Presenter(view.related)) if view else None
