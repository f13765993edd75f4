"""updateStage: the label and the state of a stage (S19, S21, S23)."""

import strawberry

from resolvers import stages as resolvers
from schema.arguments import Input
from schema.enums import StageState
from schema.info import Info
from schema.mutation import RevisedInput, mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import StagePayload
from schema.references import (
    PipelineRef,
    StageRef,
    named_stage,
    pipeline_ref,
)


@mutation_input(description="The fields of a stage to change; omitted fields and null stay as they are.")
class UpdateStageInput(RevisedInput):
    """Label, state or both."""

    stage: StageRef = strawberry.field(description="The stage.")
    pipeline: PipelineRef | None = strawberry.field(
        default=None, description="The pipeline of the stage; required if the stage is named by its internal name."
    )
    label: str | None = strawberry.field(default=None, description="The new label, at most 200 characters.")
    state: StageState | None = strawberry.field(
        default=None, description="The new state, which closes or reopens the tickets in the stage."
    )


@payload(description="The stage that was updated.")
class UpdateStagePayload(StagePayload):
    """Answer of updateStage."""


@strawberry.mutation(description="Rename a stage, change its state, or both. Requires the SETTINGS_EDITOR role.")
async def update_stage(info: Info, input: Input[UpdateStageInput]) -> UpdateStagePayload:
    """Declines NOT_FOUND, NOT_PERMITTED, STATE_MISSING, CONFLICT, INVALID (S19, S21, S23)."""
    done = resolvers.update_stage(
        mutation_of(info, input),
        pipeline=pipeline_ref(input.pipeline),
        stage=named_stage(input.stage),
        label=input.label,
        state=input.state,
        expected_revision=input.expected_revision,
    )
    return await payload_of(UpdateStagePayload, done)
