"""Counting the tickets of a stage: from what is kept, for whoever sees all of them; and folding what is kept."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, cast, delete, func, insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import BigInteger

from domain.access import PipelineAccess, level_of
from domain.actor import Actor, Reach
from domain.pipelines import Stage
from domain.tickets.count import StageCount
from domain.tickets.finding import seen
from domain.tickets.ticket import Ticket
from domain.transaction import Session
from policies import Permission

Column = InstrumentedAttribute[UUID]


def counted(actor: Actor) -> Select[int]:
    """How many tickets of a stage the actor sees, correlated to the stage of a statement.

    What is kept is true for those alone whose view scope is ALL; for everybody else their own are counted (settled
    choice 12).
    """
    if Permission.TICKET_VIEW in actor.permissions and (actor.is_super_admin or actor.view.reach is Reach.ALL):
        return _kept(actor)
    return (
        select(func.count().label("total"))
        .select_from(Ticket)
        .join(PipelineAccess, _of(Ticket.pipeline_id, Ticket.account_id))
        .where(seen(actor), Ticket.stage_id == Stage.id, Ticket.account_id == Stage.account_id)
        .correlate(Stage)
    )


def _kept(actor: Actor) -> Select[int]:
    total = cast(func.coalesce(func.sum(StageCount.change), 0), BigInteger).label("total")
    here = and_(StageCount.account_id == Stage.account_id, StageCount.stage_id == Stage.id)
    access = _of(Stage.pipeline_id, Stage.account_id)
    visible = and_(StageCount.account_id == actor.account_id, level_of(actor).is_not(None))
    return select(total).select_from(StageCount).join(PipelineAccess, access).where(here, visible).correlate(Stage)


def _of(pipeline_id: Column, account_id: Column) -> ColumnElement[bool]:
    return and_(PipelineAccess.account_id == account_id, PipelineAccess.pipeline_id == pipeline_id)


async def fold_counts(session: Session, account_id: UUID) -> None:
    """Put one row in the place of all that are kept of each stage of an account that the session entered, and none in
    that of those of stages that are gone.

    For the worker, in the transaction in which it holds the account's journal. The sums stay as they are for whoever
    reads meanwhile, and nobody waits. It declines nothing.
    """
    gone = (
        delete(StageCount)
        .where(StageCount.account_id == account_id)
        .returning(StageCount.stage_id, StageCount.change)
        .cte("gone")
    )
    summed = select(
        literal(account_id, Uuid()), gone.c.stage_id, func.gen_random_uuid(), cast(func.sum(gone.c.change), BigInteger)
    )
    # What became of stages that are gone is of no interest any more.
    summed = summed.join(Stage, and_(Stage.account_id == account_id, Stage.id == gone.c.stage_id))
    summed = summed.group_by(gone.c.stage_id)
    columns = ["account_id", "stage_id", "id", "change"]
    await session.execute(insert(StageCount).from_select(columns, summed))
