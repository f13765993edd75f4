"""deleteStage: a stage that holds no tickets, or whose tickets move to another one (S21, S24)."""

import strawberry

from resolvers import stages as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import PipelinePayload
from schema.references import (
    PipelineRef,
    StageRef,
    named_stage,
    pipeline_ref,
    stage_ref,
)


@mutation_input(description="The stage to delete.")
class DeleteStageInput(MutationInput):
    """A stage, and where its tickets move (S24)."""

    stage: StageRef = strawberry.field(description="The stage.")
    pipeline: PipelineRef | None = strawberry.field(
        default=None, description="The pipeline of the stage; required if the stage is named by its internal name."
    )
    move_tickets_to: StageRef | None = strawberry.field(
        default=None,
        description="A stage of the same pipeline that the tickets move to: to its bottom, in their order.",
    )


@payload(description="The pipeline that the stage was deleted from.")
class DeleteStagePayload(PipelinePayload):
    """Answer of deleteStage."""


@strawberry.mutation(
    description="Delete a stage that holds no tickets, or whose tickets move to another stage. Requires the "
    "SETTINGS_EDITOR role, and the AGENT role to move tickets."
)
async def delete_stage(info: Info, input: Input[DeleteStageInput]) -> DeleteStagePayload:
    """Declines NOT_FOUND, NOT_PERMITTED, STATE_MISSING, NOT_EMPTY, INVALID (S21, S24)."""
    done = resolvers.delete_stage(
        mutation_of(info, input),
        pipeline=pipeline_ref(input.pipeline),
        stage=named_stage(input.stage),
        tickets_to=stage_ref(input.move_tickets_to),
    )
    return await payload_of(DeleteStagePayload, done)
