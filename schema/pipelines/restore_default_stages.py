"""restoreDefaultStages: the default stages that were deleted (S4)."""

import strawberry

from resolvers import pipelines as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import PipelinePayload
from schema.references import (
    PipelineRef,
    named_pipeline,
)


@mutation_input(description="The pipeline whose deleted default stages to restore.")
class RestoreDefaultStagesInput(MutationInput):
    """A pipeline (S4)."""

    pipeline: PipelineRef = strawberry.field(description="The pipeline.")


@payload(description="The pipeline whose default stages were restored.")
class RestoreDefaultStagesPayload(PipelinePayload):
    """Answer of restoreDefaultStages."""


@strawberry.mutation(
    description="Restore, at the end, those of the four default stages that were deleted. Requires the SETTINGS_EDITOR "
    "role, on any plan."
)
async def restore_default_stages(info: Info, input: Input[RestoreDefaultStagesInput]) -> RestoreDefaultStagesPayload:
    """Declines NOT_FOUND, NOT_PERMITTED (S4)."""
    done = resolvers.restore_default_stages(
        mutation_of(info, input),
        ref=named_pipeline(input.pipeline),
    )
    return await payload_of(RestoreDefaultStagesPayload, done)
