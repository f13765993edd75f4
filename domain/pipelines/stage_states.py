"""The invariant of every pipeline: at least one OPEN and one CLOSED stage after every operation (S21)."""

from collections.abc import Iterable

from domain.errors import Path, Refusal
from domain.pipelines.pipeline import StageState


class StateMissing(Refusal):
    """The operation would leave the pipeline without an OPEN or without a CLOSED stage (S21)."""

    code = "STATE_MISSING"

    def __init__(self, state: StageState, *, field: Path) -> None:
        super().__init__(f"A pipeline needs at least one {state.value} stage.", field=field, state=state.value)


def require_both_states(states: Iterable[str], *, field: Path = ("stage",)) -> None:
    """Refuse with STATE_MISSING unless both states are among them."""
    present = set(states)
    for state in StageState:
        if state not in present:
            raise StateMissing(state, field=field)
