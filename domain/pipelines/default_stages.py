"""What a pipeline is created with, and the limits of its stages (S3, S4, S8)."""

from typing import NamedTuple

from domain.pipelines.pipeline import StageState

MOST_STAGES = 100


class StageDraft(NamedTuple):
    """A new stage: its label and state."""

    label: str
    state: StageState


SUPPORT = "support"  # the internal name of the first pipeline of every account (S3)


DEFAULT_LABEL = "Support Pipeline"


DEFAULT_STAGES = (
    StageDraft("New", StageState.OPEN),
    StageDraft("Waiting on contact", StageState.OPEN),
    StageDraft("Waiting on us", StageState.OPEN),
    StageDraft("Closed", StageState.CLOSED),
)
