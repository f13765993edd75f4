"""What the mutations of pipelines and stages take."""

import strawberry

from domain import pipelines
from schema.enums import StageState
from schema.references import PipelineRef, StagePlace, StageRef

KEY = "Of 1 to 255 characters. Send it again with the same key and input, and it is done once; keys are kept for a day."
PIPELINE = "The pipeline."
REVISION = "The revision that the change rests on; declined with CONFLICT when it is not the one that stands."


@strawberry.input(description="A stage of a pipeline that is to be created.")
class StageInput:
    """A stage to be."""

    label: str = strawberry.field(description="What people call it, at most 200 characters.")
    state: StageState = strawberry.field(description="OPEN or CLOSED.")


@strawberry.input(description="What a new pipeline is to be.")
class CreatePipelineInput:
    """Only a label is needed (S8)."""

    label: str = strawberry.field(description="What people call it, at most 200 characters.")
    stages: list[StageInput] | None = strawberry.field(
        default=None, description="Its stages in order; without them it has the four default ones. At most 100."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new label for a pipeline.")
class RenamePipelineInput:
    """The label alone changes (S9)."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    label: str = strawberry.field(description="What people are to call it, at most 200 characters.")
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What the cards of a pipeline are to show.")
class SetPipelineCardInput:
    """An ordered choice of properties (S15)."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    properties: list[str] = strawberry.field(description="Internal names of properties, in order; at most 20.")
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new order of the pipelines.")
class ReorderPipelinesInput:
    """The whole order (S10)."""

    order: list[PipelineRef] = strawberry.field(description="Every pipeline that the viewer sees, each once.")
    expected_order: list[PipelineRef] | None = strawberry.field(
        default=None, description="The order that the change rests on; declined when it is not the one that stands."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The pipeline that is to go.")
class DeletePipelineInput:
    """A pipeline without tickets (S13)."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    new_default: PipelineRef | None = strawberry.field(
        default=None, description="The pipeline that becomes the default one, when the default one is deleted."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new stage.")
class AddStageInput:
    """Label, state and perhaps a place (S19)."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    label: str = strawberry.field(description="What people call it, at most 200 characters.")
    state: StageState = strawberry.field(description="OPEN or CLOSED.")
    place: StagePlace | None = strawberry.field(default=None, description="Its place; after all others unless given.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The pipeline whose deleted default stages are to come back.")
class RestoreDefaultStagesInput:
    """Default stages that were deleted (S4)."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What is to change of a stage; what is left out stays.")
class UpdateStageInput:
    """Label, state or both."""

    stage: StageRef = strawberry.field(description="The stage.")
    pipeline: PipelineRef | None = strawberry.field(
        default=None, description="Its pipeline; needed when the stage is named by its internal name."
    )
    label: str | None = strawberry.field(
        default=None, description="What people are to call it, at most 200 characters; null leaves it as it is."
    )
    state: StageState | None = strawberry.field(
        default=None, description="Flipping it closes or reopens the tickets in it; null leaves it as it is."
    )
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new order of the stages of a pipeline.")
class ReorderStagesInput:
    """The whole order (S22)."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    order: list[StageRef] = strawberry.field(description="Every stage of the pipeline, each once.")
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The stage that is to go.")
class DeleteStageInput:
    """A stage, and where its tickets go (S24)."""

    stage: StageRef = strawberry.field(description="The stage.")
    pipeline: PipelineRef | None = strawberry.field(
        default=None, description="Its pipeline; needed when the stage is named by its internal name."
    )
    move_tickets_to: StageRef | None = strawberry.field(
        default=None, description="A stage of the same pipeline that takes its tickets, at the bottom, in their order."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


def stage_drafts(stages: list[StageInput] | None) -> list[pipelines.StageDraft] | None:
    """As the domain takes them."""
    return None if stages is None else [pipelines.StageDraft(stage.label, stage.state) for stage in stages]
