"""Root fields that change the stages of a pipeline."""

import strawberry

from domain.reference import BOTTOM
from resolvers import pipelines as resolvers
from resolvers import stages as stage_resolvers
from schema.arguments import Input
from schema.ids import Kind
from schema.info import Info, includes_of, once
from schema.pipelines import inputs, payloads
from schema.pipelines.payloads import shape_pipeline, shape_stage
from schema.references import named_pipeline, named_stage, pipeline_ref, place, stage_ref
from schema.results import settle


@strawberry.type
class StageMutation:
    """Mutations of stages."""

    @strawberry.mutation(description="Add a stage to a pipeline. Needs STARTER or higher.")
    async def add_stage(self, info: Info, input: Input[inputs.AddStageInput]) -> payloads.AddStagePayload:
        """Declines NOT_FOUND, NOT_PERMITTED, PLAN_TOO_LOW, INVALID (S4, S19)."""
        doing = resolvers.add_stage(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            ref=named_pipeline(input.pipeline),
            label=input.label,
            state=input.state,
            place=place(input.place, Kind.STAGE, otherwise=BOTTOM),
        )
        return await settle(
            doing,
            lambda done: payloads.AddStagePayload(pipeline=shape_pipeline(done), stage=shape_stage(done)),
            lambda errors: payloads.AddStagePayload(user_errors=errors),
        )

    @strawberry.mutation(description="Bring back, at the end, those of the four default stages that were deleted.")
    async def restore_default_stages(
        self, info: Info, input: Input[inputs.RestoreDefaultStagesInput]
    ) -> payloads.RestoreDefaultStagesPayload:
        """Declines NOT_FOUND, NOT_PERMITTED; works on FREE too (S4)."""
        doing = resolvers.restore_default_stages(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            ref=named_pipeline(input.pipeline),
        )
        return await settle(
            doing,
            lambda done: payloads.RestoreDefaultStagesPayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.RestoreDefaultStagesPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Rename a stage, flip it between OPEN and CLOSED, or both.")
    async def update_stage(self, info: Info, input: Input[inputs.UpdateStageInput]) -> payloads.UpdateStagePayload:
        """Declines NOT_FOUND, NOT_PERMITTED, STATE_MISSING, CONFLICT, INVALID (S19, S21, S23)."""
        doing = stage_resolvers.update_stage(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            pipeline=pipeline_ref(input.pipeline),
            stage=named_stage(input.stage),
            label=input.label,
            state=input.state,
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.UpdateStagePayload(pipeline=shape_pipeline(done), stage=shape_stage(done)),
            lambda errors: payloads.UpdateStagePayload(user_errors=errors),
        )

    @strawberry.mutation(description="Put all stages of a pipeline in a new order, as a whole or not at all.")
    async def reorder_stages(
        self, info: Info, input: Input[inputs.ReorderStagesInput]
    ) -> payloads.ReorderStagesPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, STALE_ORDER, CONFLICT (S22)."""
        doing = stage_resolvers.reorder_stages(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            pipeline=named_pipeline(input.pipeline),
            order=[named_stage(ref) for ref in input.order],
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.ReorderStagesPayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.ReorderStagesPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Delete a stage that holds no tickets, or whose tickets go to another stage.")
    async def delete_stage(self, info: Info, input: Input[inputs.DeleteStageInput]) -> payloads.DeleteStagePayload:
        """Declines NOT_FOUND, NOT_PERMITTED, STATE_MISSING, NOT_EMPTY, INVALID (S21, S24)."""
        doing = stage_resolvers.delete_stage(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            pipeline=pipeline_ref(input.pipeline),
            stage=named_stage(input.stage),
            tickets_to=stage_ref(input.move_tickets_to),
        )
        return await settle(
            doing,
            lambda done: payloads.DeleteStagePayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.DeleteStagePayload(user_errors=errors),
        )
