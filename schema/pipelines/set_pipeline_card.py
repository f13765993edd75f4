"""setPipelineCard: the properties that the cards of a pipeline show (S15)."""

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


@mutation_input(description="The properties that the cards of a pipeline show.")
class SetPipelineCardInput(RevisedInput):
    """An ordered choice of properties (S15)."""

    pipeline: PipelineRef = strawberry.field(description="The pipeline.")
    properties: list[str] = strawberry.field(description="The internal names of properties, in order; at most 20.")


@payload(description="The pipeline whose card was set.")
class SetPipelineCardPayload(PipelinePayload):
    """Answer of setPipelineCard."""


@strawberry.mutation(
    description="Set, in order, the properties that the cards of a pipeline show. Requires the SETTINGS_EDITOR role."
)
async def set_pipeline_card(info: Info, input: Input[SetPipelineCardInput]) -> SetPipelineCardPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID (S15)."""
    done = resolvers.set_pipeline_card(
        mutation_of(info, input),
        ref=named_pipeline(input.pipeline),
        names=input.properties,
        expected_revision=input.expected_revision,
    )
    return await payload_of(SetPipelineCardPayload, done)
