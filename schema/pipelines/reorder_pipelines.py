"""reorderPipelines: the order of the visible pipelines (S10)."""

from typing import Self

import strawberry

from resolvers import pipelines as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import MutationInput, Payload, mutation_input, mutation_of, payload, payload_of
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter
from schema.references import PipelineRef, named_pipeline


@mutation_input(description="A new order for the pipelines.")
class ReorderPipelinesInput(MutationInput):
    """The whole order (S10)."""

    order: list[PipelineRef] = strawberry.field(
        description="Every pipeline that the viewer sees, each once, in the new order."
    )
    expected_order: list[PipelineRef] | None = strawberry.field(
        default=None, description="The order that you read; the request is declined if the order is another by now."
    )


@payload(description="All visible pipelines in their new order.")
class ReorderPipelinesPayload(Payload):
    """Answer of reorderPipelines."""

    pipelines: list[Pipeline] | None = strawberry.field(
        default=None, description="The pipelines in order; null if the request was declined."
    )

    @classmethod
    def of(cls, view: resolvers.PipelinesView | None) -> Self:
        """The pipelines that were read again after the commit."""
        if view is None:
            return cls()
        presenter = Presenter(view.related)
        return cls(pipelines=[pipeline_of(each.id, presenter) for each in view.pipelines])


@strawberry.mutation(description="Reorder all visible pipelines. Requires the SETTINGS_EDITOR role.")
async def reorder_pipelines(info: Info, input: Input[ReorderPipelinesInput]) -> ReorderPipelinesPayload:
    """Declines NOT_PERMITTED, STALE_ORDER (S10)."""
    expected = input.expected_order
    reordering = resolvers.reorder_pipelines(
        mutation_of(info, input),
        order=[named_pipeline(ref) for ref in input.order],
        expected_order=None if expected is None else [named_pipeline(ref) for ref in expected],
    )
    return await payload_of(ReorderPipelinesPayload, reordering)
