"""The first stage of a state: where a ticket starts, is closed or is reopened unless a stage is named (S19, S21)."""

from typing import overload

from domain.pipelines import AnyPipeline, AnyStage, Pipeline, PipelineRow, Stage, StageRow, StageState


@overload
def first_stage(pipeline: Pipeline, state: StageState) -> Stage:
    """Of a pipeline to change."""


@overload
def first_stage(pipeline: PipelineRow, state: StageState) -> StageRow:
    """Of a pipeline to read."""


def first_stage(pipeline: AnyPipeline, state: StageState) -> AnyStage:
    """The first stage of that state; there is one (S21)."""
    return next(stage for stage in pipeline.stages if stage.state == state.value)
