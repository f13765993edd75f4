"""What the mutations of pipelines and stages answer."""

import strawberry
from strawberry import ID

from resolvers.pipelines import PipelineView
from schema.errors import UserError
from schema.pipelines.stage import Stage
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter

_ERRORS = "Why it was declined; empty when it was done."
_PIPELINE = "The pipeline as it is now; null when it was declined, or is no longer visible to the viewer."


@strawberry.type
class OnePipeline:
    """The fields of payloads about one pipeline."""

    pipeline: Pipeline | None = strawberry.field(default=None, description=_PIPELINE)
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type(description="The pipeline that was created.")
class CreatePipelinePayload(OnePipeline):
    """Answer of createPipeline."""


@strawberry.type(description="The pipeline that was renamed.")
class RenamePipelinePayload(OnePipeline):
    """Answer of renamePipeline."""


@strawberry.type(description="The pipeline whose card was chosen.")
class SetPipelineCardPayload(OnePipeline):
    """Answer of setPipelineCard."""


@strawberry.type(description="The pipeline whose stages were reordered.")
class ReorderStagesPayload(OnePipeline):
    """Answer of reorderStages."""


@strawberry.type(description="The pipeline whose default stages came back.")
class RestoreDefaultStagesPayload(OnePipeline):
    """Answer of restoreDefaultStages."""


@strawberry.type(description="The pipeline that a stage was deleted from.")
class DeleteStagePayload(OnePipeline):
    """Answer of deleteStage."""


@strawberry.type
class OneStage(OnePipeline):
    """The fields of payloads about one stage."""

    stage: Stage | None = strawberry.field(
        default=None, description="The stage as it is now; null when it was declined, or is no longer visible."
    )


@strawberry.type(description="The stage that was added.")
class AddStagePayload(OneStage):
    """Answer of addStage."""


@strawberry.type(description="The stage that was changed.")
class UpdateStagePayload(OneStage):
    """Answer of updateStage."""


@strawberry.type(description="All visible pipelines in their new order.")
class ReorderPipelinesPayload:
    """Answer of reorderPipelines."""

    pipelines: list[Pipeline] | None = strawberry.field(
        default=None, description="The pipelines in order; null when it was declined."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type(description="The pipeline that was deleted.")
class DeletePipelinePayload:
    """Answer of deletePipeline."""

    deleted_pipeline_id: ID | None = strawberry.field(
        default=None, description="The global id of the pipeline that is gone; null when it was declined."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


def shape_pipeline(view: PipelineView | None) -> Pipeline | None:
    """The pipeline of a view, as clients see it."""
    return pipeline_of(view.pipeline.id, Presenter(view.related)) if view else None


def shape_stage(view: PipelineView | None) -> Stage | None:
    """The stage of a view, as clients see it."""
    return Stage.of(view.stage) if view and view.stage else None
