"""Arranging pipelines and stages: the client submits the whole order, and it is taken as a whole or not at all (S10,
S22).
"""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from domain import accounts
from domain.authorization import require
from domain.errors import Path, Refusal, expect_revision
from domain.events.event import EventKind
from domain.pipelines.finders import list_pipelines
from domain.pipelines.pipeline import Pipeline, Stage
from domain.pipelines.pipeline_events import change_pipeline
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission

Thing = TypeVar("Thing", Pipeline, Stage)


class StaleOrder(Refusal):
    """The submitted list is not exactly what the actor sees now, or rests on an order that has changed (S10)."""

    code = "STALE_ORDER"

    def __init__(self, what: str, *, field: Path = ("order",)) -> None:
        super().__init__(
            f"The order must name each of your {what} once, as they are now; read them again.", field=field
        )


async def reorder_pipelines(work: UnitOfWork, order: list[Ref], *, expected_order: list[Ref] | None = None) -> None:
    """Put the visible pipelines in a new order, atomically; hidden ones keep their places (S10).

    Declines STALE_ORDER when the list is incomplete, repeats or names what the actor does not see, or when
    `expected_order`, what the client saw, is no longer the order that stands.
    """
    require(work.actor, Permission.PIPELINE_REORDER)
    await accounts.lock_account(work)
    visible = await list_pipelines(work)
    if expected_order is not None and _resolve(visible, expected_order, "pipelines", ("expectedOrder",)) != visible:
        raise StaleOrder("pipelines", field=("expectedOrder",))
    wanted = _resolve(visible, order, "pipelines")
    if wanted == visible:
        return
    before = [str(pipeline.id) for pipeline in visible]
    for pipeline, position in zip(wanted, sorted(pipeline.position for pipeline in visible), strict=True):
        pipeline.position = position
    after = [str(pipeline.id) for pipeline in wanted]
    work.record(
        EventKind.PIPELINES_REORDERED, "account", work.account_id, before={"order": before}, after={"order": after}
    )


async def reorder_stages(
    work: UnitOfWork, pipeline: Pipeline, order: list[Ref], *, expected_revision: int | None = None
) -> None:
    """Put the stages of a locked pipeline in a new order, atomically (S22). Declines STALE_ORDER, CONFLICT."""
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    expect_revision(pipeline.revision, expected_revision)
    wanted = _resolve(pipeline.stages, order, "stages of this pipeline")
    if wanted == pipeline.stages:
        return
    before = {"order": [stage.internal_name for stage in pipeline.stages]}
    after = {"order": [stage.internal_name for stage in wanted]}
    number_stages(wanted)
    change_pipeline(work, EventKind.STAGES_REORDERED, pipeline, before, after)


def number_stages(order: list[Stage]) -> None:
    """Give the stages of one pipeline the positions 1, 2, 3 … in this order."""
    for position, stage in enumerate(order, start=1):
        stage.position = position


def _resolve(present: Sequence[Thing], refs: list[Ref], what: str, field: Path = ("order",)) -> list[Thing]:
    """The things that the references name, if they are a permutation of those present."""
    by_id: dict[UUID, Thing] = {thing.id: thing for thing in present}
    by_name: dict[str, Thing] = {thing.internal_name: thing for thing in present}
    named = [by_id.get(ref.id) if ref.id is not None else by_name.get(ref.internal_name or "") for ref in refs]
    found = [thing for thing in named if thing is not None]
    if len(found) < len(named) or len(found) != len(present) or len({thing.id for thing in found}) < len(found):
        raise StaleOrder(what, field=field)
    return found
