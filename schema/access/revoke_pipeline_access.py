"""revokePipelineAccess: the end of a grant (S11)."""

import strawberry

from resolvers import access as resolvers
from schema.access.grants import GranteeRef, PipelineAccessInput
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import PipelinePayload
from schema.references import named_pipeline


@mutation_input(description="The grant to revoke.")
class RevokePipelineAccessInput(PipelineAccessInput):
    """The grant of one user or one team."""

    from_: GranteeRef = strawberry.field(name="from", description="The user or team of the grant, active or not.")


@payload(description="The pipeline on which a grant was revoked.")
class RevokePipelineAccessPayload(PipelinePayload):
    """Answer of revokePipelineAccess."""


@strawberry.mutation(
    description="Revoke the grant of one user or team on a pipeline; succeeds if there is none. Requires the "
    "SUPER_ADMIN role, on any plan."
)
async def revoke_pipeline_access(info: Info, input: Input[RevokePipelineAccessInput]) -> RevokePipelineAccessPayload:
    """Declines NOT_FOUND for the pipeline, NOT_PERMITTED, CONFLICT (S11, B20)."""
    revoking = resolvers.revoke_pipeline_access(
        mutation_of(info, input),
        ref=named_pipeline(input.pipeline),
        user_id=input.from_.user,
        team_id=input.from_.team,
        expected_revision=input.expected_revision,
    )
    return await payload_of(RevokePipelineAccessPayload, revoking)
