"""addStage: a stage of a pipeline (S4, S19)."""

import strawberry

from domain.reference import BOTTOM
from resolvers import pipelines as resolvers
from schema.arguments import Input
from schema.enums import StageState
from schema.ids import Kind
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import StagePayload
from schema.references import (
    PipelineRef,
    StagePlace,
    named_pipeline,
    place,
)


@mutation_input(description="A new stage.")
class AddStageInput(MutationInput):
    """Label, state and perhaps a place (S19)."""

    pipeline: PipelineRef = strawberry.field(description="The pipeline.")
    label: str = strawberry.field(description="The label, at most 200 characters.")
    state: StageState = strawberry.field(description="The state, OPEN or CLOSED.")
    place: StagePlace | None = strawberry.field(
        default=None, description="The place among the stages; the end unless given."
    )


@payload(description="The stage that was added.")
class AddStagePayload(StagePayload):
    """Answer of addStage."""


@strawberry.mutation(description="Add a stage to a pipeline. Requires the SETTINGS_EDITOR role, and STARTER or higher.")
async def add_stage(info: Info, input: Input[AddStageInput]) -> AddStagePayload:
    """Declines NOT_FOUND, NOT_PERMITTED, PLAN_TOO_LOW, INVALID (S4, S19)."""
    done = resolvers.add_stage(
        mutation_of(info, input),
        ref=named_pipeline(input.pipeline),
        label=input.label,
        state=input.state,
        place=place(input.place, Kind.STAGE, otherwise=BOTTOM),
    )
    return await payload_of(AddStagePayload, done)
