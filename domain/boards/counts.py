"""Counting the tickets of a stage from what is kept, and folding what is kept (decision 29)."""

from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, Uuid, and_, cast, delete, func, insert, literal, select, true
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import BigInteger

from domain.access import PipelineAccess, in_scope, level_of
from domain.actor import Actor, Reach
from domain.boards.stage_count import StageCount, StageShare
from domain.database.transaction import Session
from domain.pipelines import Stage
from policies import Permission


def counted(actor: Actor) -> Select[int]:
    """How many tickets of a stage the actor sees: all that are kept of it, or the shares that lie in their view scope
    (B21). For a statement that has the stage with its pipeline's access, by which the level is looked at.
    """
    kept: type[StageCount | StageShare] = StageCount
    scope: ColumnElement[bool] = literal(Permission.TICKET_VIEW in actor.permissions)
    if not (actor.is_super_admin or actor.view.reach is Reach.ALL):
        kept = StageShare
        scope = and_(scope, in_scope(actor, actor.view, StageShare.owner_id, StageShare.team_id))
    here = and_(kept.account_id == Stage.account_id, kept.stage_id == Stage.id)
    visible = and_(kept.account_id == actor.account_id, level_of(actor).is_not(None), scope)
    total = func.coalesce(_sum(kept.change), 0).label("total")
    return select(total).select_from(kept).where(here, visible).correlate(Stage, PipelineAccess)


async def fold_counts(session: Session, account_id: UUID) -> None:
    """Put one row in the place of all that are kept of each stage of an account that the session entered, and of each
    share of it that changed; and none in that of stages that are gone and of shares that are empty.

    For the worker, in the transaction in which it holds the account's journal. The sums stay as they are for whoever
    reads meanwhile, and nobody waits. It declines nothing.
    """
    await _fold_totals(session, account_id)
    await _fold_shares(session, account_id)


async def _fold_totals(session: Session, account_id: UUID) -> None:
    gone = (
        delete(StageCount)
        .where(StageCount.account_id == account_id)
        .returning(StageCount.stage_id, StageCount.change)
        .cte("gone")
    )
    summed = select(literal(account_id, Uuid()), gone.c.stage_id, func.gen_random_uuid(), _sum(gone.c.change))
    # What became of stages that are gone is of no interest any more.
    summed = summed.join(Stage, _of(account_id, gone)).group_by(gone.c.stage_id)
    columns = ["account_id", "stage_id", "id", "change"]
    await session.execute(insert(StageCount).from_select(columns, summed))


async def _fold_shares(session: Session, account_id: UUID) -> None:
    """Of an account's shares only those that changed, since there is one for each owner and team in each stage."""
    whose = (StageShare.stage_id, StageShare.owner_id, StageShare.team_id)
    mine = StageShare.account_id == account_id
    changed = select(*whose).where(mine, ~StageShare.folded).distinct().cte("changed")
    same = [column.is_not_distinct_from(changed.c[column.key]) for column in whose[1:]]
    these = delete(StageShare).where(mine, StageShare.stage_id == changed.c.stage_id, *same)
    gone = these.returning(*whose, StageShare.change).cte("gone")
    ids = (gone.c.stage_id, gone.c.owner_id, gone.c.team_id)
    sum_ = _sum(gone.c.change)
    summed = select(literal(account_id, Uuid()), *ids, func.gen_random_uuid(), sum_, true()).group_by(*ids)
    summed = summed.join(Stage, _of(account_id, gone)).having(sum_ != 0)
    columns = ["account_id", "stage_id", "owner_id", "team_id", "id", "change", "folded"]
    await session.execute(insert(StageShare).from_select(columns, summed))


def _sum(changes: InstrumentedAttribute[int] | ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.sum(changes), BigInteger)


def _of(account_id: UUID, gone: CTE) -> ColumnElement[bool]:
    return and_(Stage.account_id == account_id, Stage.id == gone.c.stage_id)
