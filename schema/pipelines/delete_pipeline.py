"""deletePipeline: a pipeline that holds no tickets (S3, S13, S14)."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import pipelines as resolvers
from schema.arguments import Input
from schema.ids import Kind, global_id
from schema.info import Info
from schema.mutation import MutationInput, Payload, mutation_input, mutation_of, payload, payload_of
from schema.references import PipelineRef, named_pipeline, pipeline_ref


@mutation_input(description="The pipeline to delete.")
class DeletePipelineInput(MutationInput):
    """A pipeline without tickets (S13)."""

    pipeline: PipelineRef = strawberry.field(description="The pipeline.")
    new_default: PipelineRef | None = strawberry.field(
        default=None, description="The new default pipeline; required to delete the default one."
    )


@payload(description="The pipeline that was deleted.")
class DeletePipelinePayload(Payload):
    """Answer of deletePipeline."""

    deleted_pipeline_id: ID | None = strawberry.field(
        default=None, description="The global id of the deleted pipeline; null if the request was declined."
    )

    @classmethod
    def of(cls, pipeline_id: UUID) -> Self:
        """The id of the pipeline that was deleted."""
        return cls(deleted_pipeline_id=ID(global_id(Kind.PIPELINE, pipeline_id)))


@strawberry.mutation(
    description="Delete a pipeline that holds no tickets; an account keeps at least one pipeline. Requires the "
    "SETTINGS_EDITOR role."
)
async def delete_pipeline(info: Info, input: Input[DeletePipelineInput]) -> DeletePipelinePayload:
    """Declines NOT_FOUND, NOT_PERMITTED, LAST_PIPELINE, NOT_EMPTY, INVALID (S3, S13, S14)."""
    deleting = resolvers.delete_pipeline(
        mutation_of(info, input), ref=named_pipeline(input.pipeline), new_default=pipeline_ref(input.new_default)
    )
    return await payload_of(DeletePipelinePayload, deleting)
