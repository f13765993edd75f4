"""Reordering the visible pipelines: the client submits the whole order (S10)."""

from domain import accounts
from domain.authorization import require
from domain.events.event import EventKind
from domain.pipelines.finders import list_pipelines
from domain.pipelines.submitted_order import StaleOrder, resolve_order
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def reorder_pipelines(work: UnitOfWork, order: list[Ref], *, expected_order: list[Ref] | None = None) -> None:
    """Put the visible pipelines in a new order, atomically; hidden ones keep their places (S10).

    Declines NOT_PERMITTED, and STALE_ORDER when the list is incomplete, has repetitions or unknown pipelines, or when
    the present order is not `expected_order`, the one that the client read.
    """
    require(work.actor, Permission.PIPELINE_REORDER)
    await accounts.lock_account(work)
    visible = await list_pipelines(work)
    if (
        expected_order is not None
        and resolve_order(visible, expected_order, "pipelines", ("expectedOrder",)) != visible
    ):
        raise StaleOrder("pipelines", field=("expectedOrder",))
    wanted = resolve_order(visible, order, "pipelines")
    if wanted == visible:
        return
    before = [str(pipeline.id) for pipeline in visible]
    for pipeline, position in zip(wanted, sorted(pipeline.position for pipeline in visible), strict=True):
        pipeline.position = position
    after = [str(pipeline.id) for pipeline in wanted]
    work.record(
        EventKind.PIPELINES_REORDERED, "account", work.account_id, before={"order": before}, after={"order": after}
    )
