"""createPipeline: a pipeline after the others (S4, S6–S8, S21)."""

import strawberry

from domain.pipelines import StageDraft
from resolvers import pipelines as resolvers
from schema.arguments import Input
from schema.enums import StageState
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import PipelinePayload


@strawberry.input(description="A stage of a new pipeline.")
class StageInput:
    """A new stage."""

    label: str = strawberry.field(description="The label, at most 200 characters.")
    state: StageState = strawberry.field(description="The state, OPEN or CLOSED.")


@mutation_input(description="A new pipeline.")
class CreatePipelineInput(MutationInput):
    """Only a label is required (S8)."""

    label: str = strawberry.field(description="The label, at most 200 characters.")
    stages: list[StageInput] | None = strawberry.field(
        default=None, description="The stages in order, at most 100; the four default stages unless given."
    )


@payload(description="The pipeline that was created.")
class CreatePipelinePayload(PipelinePayload):
    """Answer of createPipeline."""


@strawberry.mutation(description="Create a pipeline after the others. Requires the SETTINGS_EDITOR role.")
async def create_pipeline(info: Info, input: Input[CreatePipelineInput]) -> CreatePipelinePayload:
    """Declines NOT_PERMITTED, PLAN_LIMIT_REACHED, PLAN_TOO_LOW, STATE_MISSING, INVALID (S4, S6–S8, S21)."""
    stages = None if input.stages is None else [StageDraft(stage.label, stage.state) for stage in input.stages]
    creating = resolvers.create_pipeline(
        mutation_of(info, input), label=input.label, stages=stages, limits=info.context.services.plan_limits
    )
    return await payload_of(CreatePipelinePayload, creating)
