"""Reading a board: the stages of a pipeline in order, each with its count and its first cards (B5, performance).

One set-based statement, whatever the number of stages; cards are plain tuples, not entities.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, lateral, select, true, tuple_

from domain.access import PipelineAccess, editable
from domain.errors import NotFound
from domain.page import Page, RankCursor, cut
from domain.pipelines import Pipeline, Stage
from domain.tickets.finding import seen
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork


class Card(NamedTuple):
    """A ticket as boards and lists show it."""

    id: UUID
    pipeline_id: UUID
    stage_id: UUID | None
    rank: str
    key: str
    subject: str
    content: str
    priority: str | None
    owner_id: UUID | None
    team_id: UUID | None
    properties: dict[str, str]
    created_at: datetime
    entered_at: datetime
    closed_at: datetime | None
    revision: int
    editable: bool


class Column(NamedTuple):
    """One stage of a board: how many cards the actor sees in it, and the first of them."""

    stage: Stage
    total: int
    cards: Page[Card]


async def read_board(work: UnitOfWork, pipeline: Pipeline, first: int) -> list[Column]:
    """The columns of a found pipeline's board, each with its total and at most `first` cards; one statement."""
    here = and_(Ticket.stage_id == Stage.id, Ticket.account_id == Stage.account_id)
    cards = lateral(_cards(work).where(here).order_by(Ticket.rank, Ticket.id).limit(first + 1).correlate(Stage))
    totals = lateral(_joined(select(func.count().label("total"))).where(seen(work), here).correlate(Stage))
    statement = (
        select(Stage.id, totals.c.total, *[cards.c[name] for name in Card._fields])
        .select_from(Stage)
        .join(totals, true())
        .outerjoin(cards, true())
        .where(Stage.account_id == work.account_id, Stage.pipeline_id == pipeline.id)
        # A join may lose the order of its inner side, so it is asked for again.
        .order_by(Stage.position, cards.c.rank, cards.c.id)
    )
    by_stage: dict[UUID, tuple[int, list[Card]]] = {}
    for stage_id, total, *card in await work.session.execute(statement):
        column = by_stage.setdefault(stage_id, (total, []))
        if card[0] is not None:
            column[1].append(Card._make(card))
    return [
        Column(stage, total, cut(found, first))
        for stage, (total, found) in ((stage, by_stage.get(stage.id, (0, []))) for stage in pipeline.stages)
    ]


async def read_stage(work: UnitOfWork, stage: Stage, first: int, after: RankCursor | None = None) -> Page[Card]:
    """Further cards of a stage whose pipeline was found, after a cursor; one statement, two after a rebalancing."""
    statement = _cards(work).where(Ticket.stage_id == stage.id)
    if after is not None:
        rank = after.rank if after.epoch == stage.rank_epoch else await _anchor(work, stage, after)
        statement = statement.where(tuple_(Ticket.rank, Ticket.id) > tuple_(rank, after.id))
    rows = await work.session.execute(statement.order_by(Ticket.rank, Ticket.id).limit(first + 1))
    return cut([Card._make(row) for row in rows], first)


async def _anchor(work: UnitOfWork, stage: Stage, after: RankCursor) -> str:
    """Where the card of an old cursor is now; NotFound when it has left the stage."""
    statement = _joined(select(Ticket.rank)).where(seen(work), Ticket.stage_id == stage.id, Ticket.id == after.id)
    rank: str | None = (await work.session.execute(statement)).scalar_one_or_none()
    if rank is None:
        raise NotFound("card to continue after; read the stage from its beginning", field=("after",))
    return rank


def _cards(work: UnitOfWork) -> Select[*tuple[Any, ...]]:
    columns = [getattr(Ticket, name) for name in Card._fields if name != "editable"]
    may_edit = editable(work.actor, Ticket.owner_id, Ticket.team_id).label("editable")
    return _joined(select(*columns, may_edit)).where(seen(work))


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.select_from(Ticket).join(
        PipelineAccess,
        and_(PipelineAccess.account_id == Ticket.account_id, PipelineAccess.pipeline_id == Ticket.pipeline_id),
    )
