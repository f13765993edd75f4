"""A stage as clients see it."""

import strawberry
from strawberry import ID

from domain import pipelines
from schema.enums import StageState
from schema.ids import Kind, global_id
from schema.node import Node


@strawberry.type(description="A stage of a pipeline.")
class Stage(Node):
    """A step that tickets travel through."""

    internal_name: str = strawberry.field(description="Its name for integrations: made once, never changed.")
    label: str = strawberry.field(description="What people call it; it may change and need not be unique.")
    state: StageState = strawberry.field(description="Entering a CLOSED stage closes a ticket, leaving it reopens it.")
    position: int = strawberry.field(description="Its place among the stages, from 1.")
    revision: int = strawberry.field(description="Grows with every change; pass it as `expectedRevision`.")
    pipeline_id: ID = strawberry.field(description="The global id of its pipeline.")

    @classmethod
    def of(cls, stage: pipelines.AnyStage) -> "Stage":
        """From a stage of a visible pipeline."""
        return cls(
            id=ID(global_id(Kind.STAGE, stage.id)),
            internal_name=stage.internal_name,
            label=stage.label,
            state=StageState(stage.state),
            position=stage.position,
            revision=stage.revision,
            pipeline_id=ID(global_id(Kind.PIPELINE, stage.pipeline_id)),
        )
