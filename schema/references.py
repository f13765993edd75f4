"""How inputs name pipelines, stages and places: by id or by internal name, above or below something (api 4)."""

import strawberry
from strawberry import ID, UNSET

from domain import reference
from schema.errors import BadInput
from schema.ids import Kind, uuid_of


@strawberry.input(one_of=True, description="Names a pipeline, by its id or by its internal name.")
class PipelineRef:
    """One of both."""

    id: ID | None = strawberry.field(default=UNSET, description="The global id of the pipeline.")
    internal_name: str | None = strawberry.field(default=UNSET, description="The internal name of the pipeline.")


@strawberry.input(
    one_of=True,
    description="Names a stage, by its id or by its internal name; the latter within the pipeline named beside it.",
)
class StageRef:
    """One of both."""

    id: ID | None = strawberry.field(default=UNSET, description="The global id of the stage.")
    internal_name: str | None = strawberry.field(default=UNSET, description="The internal name of the stage.")


@strawberry.input(one_of=True, description="A place among the cards of a stage.")
class CardPlace:
    """Exactly one of four."""

    top: bool | None = strawberry.field(default=UNSET, description="Above all other cards; give true.")
    bottom: bool | None = strawberry.field(default=UNSET, description="Below all other cards; give true.")
    before: ID | None = strawberry.field(default=UNSET, description="Just above this ticket.")
    after: ID | None = strawberry.field(default=UNSET, description="Just below this ticket.")


@strawberry.input(one_of=True, description="A place among the stages of a pipeline.")
class StagePlace:
    """Exactly one of four."""

    top: bool | None = strawberry.field(default=UNSET, description="Before all other stages; give true.")
    bottom: bool | None = strawberry.field(default=UNSET, description="After all other stages; give true.")
    before: ID | None = strawberry.field(default=UNSET, description="Just before this stage.")
    after: ID | None = strawberry.field(default=UNSET, description="Just after this stage.")


def pipeline_ref(given: PipelineRef | None) -> reference.Ref | None:
    """The domain's reference, or None where none was given."""
    return None if given is None else _ref(given, Kind.PIPELINE)


def named_pipeline(given: PipelineRef) -> reference.Ref:
    """The domain's reference."""
    return _ref(given, Kind.PIPELINE)


def stage_ref(given: StageRef | None) -> reference.Ref | None:
    """The domain's reference, or None where none was given."""
    return None if given is None else _ref(given, Kind.STAGE)


def named_stage(given: StageRef) -> reference.Ref:
    """The domain's reference."""
    return _ref(given, Kind.STAGE)


def place(given: CardPlace | StagePlace | None, kind: Kind, *, otherwise: reference.Place) -> reference.Place:
    """The domain's place; `otherwise` where none was given. BadInput where top or bottom is false."""
    if given is None:
        return otherwise
    if isinstance(given.before, str):
        return reference.Place(before=uuid_of(kind, given.before))
    if isinstance(given.after, str):
        return reference.Place(after=uuid_of(kind, given.after))
    if False in {given.top, given.bottom}:
        raise BadInput("`top` and `bottom` are given as true; for another place leave them out.")
    return reference.BOTTOM if given.bottom else reference.TOP


def _ref(given: PipelineRef | StageRef, kind: Kind) -> reference.Ref:
    if isinstance(given.id, str):
        return reference.Ref(id=uuid_of(kind, given.id))
    return reference.Ref(internal_name=given.internal_name)
