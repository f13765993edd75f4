"""setPipelineAccess: the mode of a pipeline and all its grants (S11)."""

from datetime import datetime

import strawberry

from domain import access
from resolvers import access as resolvers
from schema.access.grants import PLAN, UNTIL, GranteeRef, PipelineAccessInput
from schema.access.types import AccessLevel
from schema.arguments import Input
from schema.enums import AccessMode
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.pipelines.pipeline_payload import PipelinePayload
from schema.references import named_pipeline


@strawberry.input(description="VIEW or EDIT for one user or one team.")
class AccessGrantInput:
    """A new grant."""

    to: GranteeRef = strawberry.field(description="The user or team: an active or invited user, or an active team.")
    level: AccessLevel = strawberry.field(description="The level.")
    until: datetime | None = strawberry.field(default=None, description=UNTIL)

    def grantee(self) -> access.Grantee:
        """The grant as the domain takes it."""
        return self.to.at(self.level, self.until)


@mutation_input(description="The access mode of a pipeline and all its grants.")
class SetPipelineAccessInput(PipelineAccessInput):
    """Mode and all grants (S11)."""

    mode: AccessMode = strawberry.field(description="The access mode.")
    grants: list[AccessGrantInput] = strawberry.field(
        default_factory=list, description="All grants, in place of the present ones; at most 500."
    )


@payload(description="The pipeline whose access was set.")
class SetPipelineAccessPayload(PipelinePayload):
    """Answer of setPipelineAccess."""


@strawberry.mutation(description=f"Set the access mode and all grants of a pipeline. {PLAN}")
async def set_pipeline_access(info: Info, input: Input[SetPipelineAccessInput]) -> SetPipelineAccessPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, PLAN_TOO_LOW, CONFLICT, INVALID (S11, S12, B20)."""
    setting = resolvers.set_pipeline_access(
        mutation_of(info, input),
        ref=named_pipeline(input.pipeline),
        mode=input.mode,
        grants=[grant.grantee() for grant in input.grants],
        expected_revision=input.expected_revision,
    )
    return await payload_of(SetPipelineAccessPayload, setting)
