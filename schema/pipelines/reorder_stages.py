"""reorderStages: the order of the stages of a pipeline (S22)."""

import strawberry

from resolvers import stages as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import RevisedInput, mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import PipelinePayload
from schema.references import (
    PipelineRef,
    StageRef,
    named_pipeline,
    named_stage,
)


@mutation_input(description="A new order for the stages of a pipeline.")
class ReorderStagesInput(RevisedInput):
    """The whole order (S22)."""

    pipeline: PipelineRef = strawberry.field(description="The pipeline.")
    order: list[StageRef] = strawberry.field(description="Every stage of the pipeline, each once, in the new order.")


@payload(description="The pipeline whose stages were reordered.")
class ReorderStagesPayload(PipelinePayload):
    """Answer of reorderStages."""


@strawberry.mutation(description="Reorder all stages of a pipeline. Requires the SETTINGS_EDITOR role.")
async def reorder_stages(info: Info, input: Input[ReorderStagesInput]) -> ReorderStagesPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, STALE_ORDER, CONFLICT (S22)."""
    done = resolvers.reorder_stages(
        mutation_of(info, input),
        pipeline=named_pipeline(input.pipeline),
        order=[named_stage(ref) for ref in input.order],
        expected_revision=input.expected_revision,
    )
    return await payload_of(ReorderStagesPayload, done)
