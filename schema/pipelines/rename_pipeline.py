"""renamePipeline: the label of a pipeline (S9)."""

import strawberry

from resolvers import pipelines as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import RevisedInput, mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import PipelinePayload
from schema.references import (
    PipelineRef,
    named_pipeline,
)


@mutation_input(description="A new label for a pipeline.")
class RenamePipelineInput(RevisedInput):
    """The label alone changes (S9)."""

    pipeline: PipelineRef = strawberry.field(description="The pipeline.")
    label: str = strawberry.field(description="The new label, at most 200 characters.")


@payload(description="The pipeline that was renamed.")
class RenamePipelinePayload(PipelinePayload):
    """Answer of renamePipeline."""


@strawberry.mutation(
    description="Change the label of a pipeline; ids, internal names and tickets stay as they are. Requires the "
    "SETTINGS_EDITOR role."
)
async def rename_pipeline(info: Info, input: Input[RenamePipelineInput]) -> RenamePipelinePayload:
    """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID (S9)."""
    done = resolvers.rename_pipeline(
        mutation_of(info, input),
        ref=named_pipeline(input.pipeline),
        label=input.label,
        expected_revision=input.expected_revision,
    )
    return await payload_of(RenamePipelinePayload, done)
