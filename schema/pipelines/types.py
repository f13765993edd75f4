"""Pipelines and stages as clients see them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from domain import pipelines, properties
from resolvers.related import Related
from schema.access.types import PipelineAccess
from schema.accounts import Team, User
from schema.enums import StageState
from schema.ids import Kind, global_id
from schema.node import Node
from schema.row_types import column, computed, row_type
from schema.viewer_can import PipelineAbilities


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


@dataclass
class Presenter:
    """The things of one scene in the shape that clients see; what many cards show is made once."""

    related: Related
    _stages: dict[UUID, Stage | None] = field(default_factory=dict)
    _users: dict[UUID, User | None] = field(default_factory=dict)

    def pipeline(self, id: UUID) -> Pipeline:
        """A pipeline of the scene."""
        # Not kept, since it refers to this: a circle would be left to the garbage collector.
        return pipeline_type(self.related.pipelines[id], self)

    def stage(self, pipeline_id: UUID, id: UUID | None) -> Stage | None:
        """A stage of a pipeline of the scene; null when it is gone."""
        if id is not None and id not in self._stages:
            rows = self.related.pipelines[pipeline_id].stages
            self._stages[id] = next((Stage.of(row) for row in rows if row.id == id), None)
        return self._stages.get(id) if id is not None else None

    def user(self, id: UUID | None) -> User | None:
        """A user whose name the scene has."""
        if id is None:
            return None
        if id not in self._users:
            name = self.related.names.get(id)
            self._users[id] = User.of(name) if name else None
        return self._users[id]

    def team(self, id: UUID | None) -> Team | None:
        """A team whose name the scene has."""
        name = self.related.names.get(id) if id is not None else None
        return Team.of(name, self.related.members) if name else None

    def app_name(self, id: UUID | None) -> str | None:
        """What an app is called whose name the scene has."""
        return self.related.app_names.get(id) if id is not None else None

    def label(self, name: str, on: pipelines.AnyPipeline) -> str:
        """What a property is called: a built-in one, one of a pipeline's card, or another one of the account's own."""
        own = (on.card_labels or {}).get(name) or self.related.labels.get(name, name)
        return properties.BUILT_IN_LABELS.get(name, own)

    def access(self, id: UUID) -> PipelineAccess | None:
        """Who may view and edit a pipeline; null for those who may not know."""
        row = self.related.modes.get(id)
        return PipelineAccess.of(row, self.related.grants.get(id, ()), self) if row else None


def _stages(pipeline: pipelines.AnyPipeline, presenter: Presenter) -> list[Stage | None]:
    return [presenter.stage(pipeline.id, each.id) for each in pipeline.stages]


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
        "access": computed(lambda pipeline, presenter: presenter.access(pipeline.id)),
        "viewer_can": computed(
            lambda pipeline, presenter: PipelineAbilities.of(presenter.related.actor, pipeline.level)
        ),
    },
)
