"""Reading boards: the columns of a pipeline with their first cards, further cards of one stage, and single cards.

Everything is read set by set, in statements that were compiled once, into small structs without a session behind them;
no card is looked up by itself.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    lateral,
    literal_column,
    select,
    true,
    tuple_,
)

from domain.access import PipelineAccess
from domain.actor import Actor
from domain.boards.counts import counted
from domain.boards.rendered_card import AnyCard
from domain.database.prepared import Row, actor_params, prepared
from domain.errors import NotFound
from domain.page import LARGEST_PAGE, Page, RankCursor, cut
from domain.pipelines import AnyPipeline, AnyStage, Stage
from domain.tickets import STAGE_CARD_FIELDS, Card, Ticket, columns, find_rank, is_visible
from domain.unit_of_work import UnitOfWork


class Column(NamedTuple):
    """One stage of a board: how many cards the actor sees in it, and the first of them."""

    stage: AnyStage
    total: int
    cards: Page[AnyCard]


_FIRST = bindparam("first", type_=Integer())
# Of a limit that it does not know the planner thinks the worst, and makes a plan for each request. This one it knows.
_AT_MOST: ColumnElement[int] = literal_column(str(LARGEST_PAGE + 1))


@prepared
def _board(actor: Actor, wide: bool) -> Select[*tuple[Any, ...]]:
    cards, totals = first_cards(actor, columns(actor, wide, STAGE_CARD_FIELDS)), lateral(counted(actor))
    return (
        of_stages(select(Stage.position, totals.c.total, *cards.c))
        .join(totals, true())
        .outerjoin(cards, true())
        .where(Stage.account_id == actor.account_id, Stage.pipeline_id == bindparam("pipeline"))
        # A join may lose the order of its inner side, so it is asked for again.
        .order_by(Stage.position, cards.c.rank, cards.c.id)
    )


@prepared
def _stage(actor: Actor, wide: bool, *, continued: bool) -> Select[*tuple[Any, ...]]:
    cards = first_cards(actor, columns(actor, wide, STAGE_CARD_FIELDS), continued=continued)
    return (
        of_stages(select(*cards.c))
        .join(cards, true())
        .where(Stage.account_id == actor.account_id, Stage.id == bindparam("stage"))
        .order_by(cards.c.rank, cards.c.id)
    )


def of_stages(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement about stages, each with its pipeline's access."""
    access = and_(PipelineAccess.account_id == Stage.account_id, PipelineAccess.pipeline_id == Stage.pipeline_id)
    return statement.select_from(Stage).join(PipelineAccess, access)


def first_cards(actor: Actor, what: Sequence[ColumnElement[Any]], *, continued: bool = False) -> FromClause:
    """The first cards of the stage of a statement that has it with its pipeline's access (`of_stages`), from its
    beginning or after a place.

    A ticket is in the pipeline of its stage, so the level is looked at there. Joined with tickets, the access would
    have the planner believe that most of them are in other pipelines, and sort whole stages for a page of cards.
    """
    here = and_(Ticket.stage_id == Stage.id, Ticket.account_id == Stage.account_id)
    if continued:
        place = tuple_(bindparam("rank", type_=Text(collation="C")), bindparam("after", type_=Uuid()))
        here = and_(here, tuple_(Ticket.rank, Ticket.id) > place)
    found = select(*what).select_from(Ticket).where(is_visible(actor), here)
    at_most = found.order_by(Ticket.rank, Ticket.id).limit(_AT_MOST).correlate(Stage, PipelineAccess)
    return lateral(select(lateral(at_most)).limit(_FIRST))


async def read_board(work: UnitOfWork, pipeline: AnyPipeline, first: int, *, wide: bool = True) -> list[Column]:
    """The columns of a found pipeline's board, each with its total and at most `first` cards; one statement, in the
    snapshot in which the pipeline was read, since stages are told apart by their positions.

    With `wide` off, cards come without content and properties of the account's own.
    """
    rows = await _board(work.actor, wide).rows(
        work.session, **actor_params(work.actor), pipeline=pipeline.id, first=first + 1
    )
    by_position: dict[int, list[Row]] = {}
    for row in rows:
        by_position.setdefault(row[0], []).append(row)
    return [_column(stage, by_position.get(stage.position, ()), first) for stage in pipeline.stages]


def _column(stage: AnyStage, rows: Sequence[Row], first: int) -> Column:
    cards = [_card(stage, row[2:]) for row in rows if row[2] is not None]
    return Column(stage, rows[0][1] if rows else 0, cut(cards, first))


def _card(stage: AnyStage, values: Row) -> Card:
    """From the columns of `STAGE_CARD_FIELDS`."""
    return Card(values[0], stage.pipeline_id, stage.id, *values[1:])


async def read_stage(
    work: UnitOfWork, stage: AnyStage, first: int, after: RankCursor | None = None, *, wide: bool = True
) -> Page[Card]:
    """Further cards of a stage whose pipeline was found, after a cursor; one statement, two after a rebalancing."""
    given = actor_params(work.actor) | {"stage": stage.id, "first": first + 1} | await find_place(work, stage, after)
    statement = _stage(work.actor, wide, continued=after is not None)
    return cut([_card(stage, row) for row in await statement.rows(work.session, **given)], first)


async def find_place(work: UnitOfWork, stage: AnyStage, after: RankCursor | None) -> dict[str, Any]:
    """Where a page begins, as `first_cards` is told; where ranks were made anew since, one statement.

    Declines NOT_FOUND when the card to continue after is no longer there.
    """
    if after is None:
        return {}
    rank: str | None = after.rank
    if after.epoch != stage.rank_epoch:
        rank = await find_rank(work, stage.id, after.id)
    if rank is None:
        raise NotFound("card to continue after; read the stage from its beginning", field=("after",))
    return {"after": after.id, "rank": rank}
