"""Root fields that decide who may view and edit a pipeline."""

import strawberry

from resolvers import access as resolvers
from schema.access import inputs, payloads
from schema.arguments import Input
from schema.info import Info, includes_of, once
from schema.pipelines.payloads import shape_pipeline
from schema.references import named_pipeline
from schema.results import settle

_PLAN = "Needs a super admin, and PROFESSIONAL or higher unless it only narrows or lifts what stands."


@strawberry.type
class AccessMutation:
    """Mutations of access."""

    @strawberry.mutation(description=f"Set who may view and edit a pipeline. {_PLAN}")
    async def set_pipeline_access(
        self, info: Info, input: Input[inputs.SetPipelineAccessInput]
    ) -> payloads.SetPipelineAccessPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, PLAN_TOO_LOW, CONFLICT, INVALID (S11, S12, B20)."""
        doing = resolvers.set_pipeline_access(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            ref=named_pipeline(input.pipeline),
            mode=input.mode,
            grants=[grant.plain() for grant in input.grants],
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.SetPipelineAccessPayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.SetPipelineAccessPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Give one user or team a level on a pipeline, in place of what they were granted there before; the "
        f"grants of others stay. Grants count under the mode RESTRICTED. {_PLAN}"
    )
    async def grant_pipeline_access(
        self, info: Info, input: Input[inputs.GrantPipelineAccessInput]
    ) -> payloads.GrantPipelineAccessPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, PLAN_TOO_LOW, CONFLICT, INVALID (S11, S12, B20, B22)."""
        doing = resolvers.grant_pipeline_access(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            ref=named_pipeline(input.pipeline),
            grant=input.to.at(input.level, input.until),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.GrantPipelineAccessPayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.GrantPipelineAccessPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Take away what one user or team was granted on a pipeline; where there is no such grant, it is "
        "done already. Needs a super admin, on any plan."
    )
    async def revoke_pipeline_access(
        self, info: Info, input: Input[inputs.RevokePipelineAccessInput]
    ) -> payloads.RevokePipelineAccessPayload:
        """Declines NOT_FOUND for the pipeline, NOT_PERMITTED, CONFLICT (S11, B20)."""
        doing = resolvers.revoke_pipeline_access(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            ref=named_pipeline(input.pipeline),
            user_id=input.from_.user,
            team_id=input.from_.team,
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.RevokePipelineAccessPayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.RevokePipelineAccessPayload(user_errors=errors),
        )
