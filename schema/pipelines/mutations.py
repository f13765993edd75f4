"""Root fields that change pipelines."""

import strawberry
from strawberry import ID

from resolvers import pipelines as resolvers
from schema.arguments import Input
from schema.ids import Kind, global_id
from schema.info import Info, includes_of, once
from schema.pipelines import inputs, payloads
from schema.pipelines.payloads import shape_pipeline
from schema.pipelines.types import pipeline_of
from schema.presenter import Presenter
from schema.references import named_pipeline, pipeline_ref
from schema.results import settle


@strawberry.type
class PipelineMutation:
    """Mutations of pipelines."""

    @strawberry.mutation(description="Create a pipeline after the others. Needs the settings editor's role.")
    async def create_pipeline(
        self, info: Info, input: Input[inputs.CreatePipelineInput]
    ) -> payloads.CreatePipelinePayload:
        """Declines NOT_PERMITTED, PLAN_LIMIT_REACHED, PLAN_TOO_LOW, STATE_MISSING, INVALID (S4, S6–S8, S21)."""
        doing = resolvers.create_pipeline(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            label=input.label,
            stages=inputs.stage_drafts(input.stages),
        )
        return await settle(
            doing,
            lambda done: payloads.CreatePipelinePayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.CreatePipelinePayload(user_errors=errors),
        )

    @strawberry.mutation(description="Change a pipeline's label; ids, internal names and tickets stay as they are.")
    async def rename_pipeline(
        self, info: Info, input: Input[inputs.RenamePipelineInput]
    ) -> payloads.RenamePipelinePayload:
        """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID (S9)."""
        doing = resolvers.rename_pipeline(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            ref=named_pipeline(input.pipeline),
            label=input.label,
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.RenamePipelinePayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.RenamePipelinePayload(user_errors=errors),
        )

    @strawberry.mutation(description="Choose, in order, the properties that a pipeline's cards show.")
    async def set_pipeline_card(
        self, info: Info, input: Input[inputs.SetPipelineCardInput]
    ) -> payloads.SetPipelineCardPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID (S15)."""
        doing = resolvers.set_pipeline_card(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            ref=named_pipeline(input.pipeline),
            names=input.properties,
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.SetPipelineCardPayload(pipeline=shape_pipeline(done)),
            lambda errors: payloads.SetPipelineCardPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Put all visible pipelines in a new order, as a whole or not at all.")
    async def reorder_pipelines(
        self, info: Info, input: Input[inputs.ReorderPipelinesInput]
    ) -> payloads.ReorderPipelinesPayload:
        """Declines NOT_PERMITTED, STALE_ORDER (S10)."""
        expected = input.expected_order
        doing = resolvers.reorder_pipelines(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            order=[named_pipeline(ref) for ref in input.order],
            expected_order=None if expected is None else [named_pipeline(ref) for ref in expected],
        )

        def shape(done: resolvers.PipelinesView) -> payloads.ReorderPipelinesPayload:
            presenter = Presenter(done.related)
            return payloads.ReorderPipelinesPayload(
                pipelines=[pipeline_of(found.id, presenter) for found in done.pipelines]
            )

        return await settle(doing, shape, lambda errors: payloads.ReorderPipelinesPayload(user_errors=errors))

    @strawberry.mutation(description="Delete a pipeline that holds no tickets; an account keeps at least one.")
    async def delete_pipeline(
        self, info: Info, input: Input[inputs.DeletePipelineInput]
    ) -> payloads.DeletePipelinePayload:
        """Declines NOT_FOUND, NOT_PERMITTED, LAST_PIPELINE, NOT_EMPTY, INVALID (S3, S13, S14)."""
        doing = resolvers.delete_pipeline(
            info.context,
            once(info, input, input.idempotency_key),
            ref=named_pipeline(input.pipeline),
            new_default=pipeline_ref(input.new_default),
        )
        return await settle(
            doing,
            lambda done: payloads.DeletePipelinePayload(deleted_pipeline_id=ID(global_id(Kind.PIPELINE, done))),
            lambda errors: payloads.DeletePipelinePayload(user_errors=errors),
        )
