"""grantPipelineAccess: a level on a pipeline for one user or team (S11, B22)."""

from datetime import datetime

import strawberry

from resolvers import access as resolvers
from schema.access.grants import PLAN, UNTIL, GranteeRef, PipelineAccessInput
from schema.access.types import AccessLevel
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import PipelinePayload
from schema.references import named_pipeline


@mutation_input(description="A grant to add, or to put in place of the one that the user or team has.")
class GrantPipelineAccessInput(PipelineAccessInput):
    """A level for one user or one team (S11, B22)."""

    to: GranteeRef = strawberry.field(description="The user or team: an active or invited user, or an active team.")
    level: AccessLevel = strawberry.field(description="The level.")
    until: datetime | None = strawberry.field(default=None, description=UNTIL)


@payload(description="The pipeline on which access was granted.")
class GrantPipelineAccessPayload(PipelinePayload):
    """Answer of grantPipelineAccess."""


@strawberry.mutation(
    description="Grant one user or team a level on a pipeline, in place of their present grant; other grants stay. "
    f"Grants take effect while the mode is RESTRICTED. {PLAN}"
)
async def grant_pipeline_access(info: Info, input: Input[GrantPipelineAccessInput]) -> GrantPipelineAccessPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, PLAN_TOO_LOW, CONFLICT, INVALID (S11, S12, B20, B22)."""
    granting = resolvers.grant_pipeline_access(
        mutation_of(info, input),
        ref=named_pipeline(input.pipeline),
        grant=input.to.at(input.level, input.until),
        expected_revision=input.expected_revision,
    )
    return await payload_of(GrantPipelineAccessPayload, granting)
