"""Pipelines as clients see them."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain import pipelines
from schema.access.types import PipelineAccess
from schema.ids import Kind, global_id
from schema.node import Node
from schema.pipelines.stage import Stage
from schema.presenter import Presenter
from schema.row_types import column, computed, row_type
from schema.viewer_can import PipelineAbilities


@strawberry.type(description="A property that a pipeline's cards show.")
class CardField:
    """One choice of a card."""

    name: str = strawberry.field(description="The internal name of the property.")
    label: str = strawberry.field(description="What people call it.")


@strawberry.type(description="An ordered set of stages that tickets of one kind travel through.")
class Pipeline(Node):
    """A pipeline with its stages."""

    internal_name: str = strawberry.field(description="Its name for integrations: made once, never changed.")
    label: str = strawberry.field(description="What people call it; it may change and need not be unique.")
    is_default: bool = strawberry.field(description="Whether tickets go to it for which no pipeline is named.")
    stages: list[Stage] = strawberry.field(description="All its stages in order; at least one OPEN and one CLOSED.")
    card: list[CardField] = strawberry.field(description="The properties that its cards show, in order.")
    created_at: datetime = strawberry.field(description="When it was created.")
    revision: int = strawberry.field(
        description="Grows with every change of its name, its card and the set or order of its stages; pass it as "
        "`expectedRevision`. What a stage itself is, counts in the stage's own."
    )
    access: PipelineAccess | None = strawberry.field(
        description="Who may view and edit it; null for viewers who are no super admins."
    )
    viewer_can: PipelineAbilities = strawberry.field(description="What the viewer may do with it.")


def _stages(pipeline: pipelines.AnyPipeline, presenter: Presenter) -> list[Stage | None]:
    return [presenter.stage(pipeline.id, each.id) for each in pipeline.stages]


def _access(pipeline: pipelines.AnyPipeline, presenter: Presenter) -> PipelineAccess | None:
    row = presenter.related.modes.get(pipeline.id)
    return PipelineAccess.of(row, presenter.related.grants.get(pipeline.id, ()), presenter) if row else None


def _card(pipeline: pipelines.AnyPipeline, presenter: Presenter) -> list[CardField]:
    return [CardField(name=name, label=presenter.label(name, pipeline)) for name in pipeline.card]


pipeline_type = row_type(
    Pipeline,
    {
        "id": computed(lambda pipeline, _: global_id(Kind.PIPELINE, pipeline.id)),
        "internal_name": column("internal_name"),
        "label": column("label"),
        "is_default": column("is_default"),
        "stages": computed(_stages),
        "card": computed(_card),
        "created_at": column("created_at"),
        "revision": column("revision"),
        "access": computed(_access),
        "viewer_can": computed(
            lambda pipeline, presenter: PipelineAbilities.of(presenter.related.actor, pipeline.level)
        ),
    },
)


def pipeline_of(id: UUID, presenter: Presenter) -> Pipeline:
    """A loaded pipeline, by its id."""
    return pipeline_type(presenter.related.pipelines[id], presenter)
