"""A submitted order: it is taken as a whole or not at all (S10, S22)."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from domain.errors import Path, Refusal
from domain.pipelines.pipeline import Pipeline, Stage
from domain.reference import Ref

Thing = TypeVar("Thing", Pipeline, Stage)


class StaleOrder(Refusal):
    """The submitted list is not exactly what the actor sees now, or is based on an order that has changed (S10)."""

    code = "STALE_ORDER"

    def __init__(self, what: str, *, field: Path = ("order",)) -> None:
        super().__init__(
            f"The order must name each of your {what} once, as they are now; read them again.", field=field
        )


def resolve_order(present: Sequence[Thing], refs: list[Ref], what: str, field: Path = ("order",)) -> list[Thing]:
    """The pipelines or stages that the references name. Declines STALE_ORDER unless these are all present ones, each
    once.
    """
    by_id: dict[UUID, Thing] = {thing.id: thing for thing in present}
    by_name: dict[str, Thing] = {thing.internal_name: thing for thing in present}
    named = [by_id.get(ref.id) if ref.id is not None else by_name.get(ref.internal_name or "") for ref in refs]
    found = [thing for thing in named if thing is not None]
    if len(found) < len(named) or len(found) != len(present) or len({thing.id for thing in found}) < len(found):
        raise StaleOrder(what, field=field)
    return found
