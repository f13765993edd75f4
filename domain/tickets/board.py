"""Reading boards: the columns of a pipeline with their first cards, further cards of one stage, and single cards.

Everything is read set by set, in statements that were compiled once, into small structs without a session behind them;
no card is looked up by itself.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    lateral,
    null,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from domain.access import PipelineAccess, editable
from domain.actor import Actor
from domain.errors import NotFound, Path
from domain.fetching import Row, about, prepared
from domain.model import Json
from domain.page import Page, RankCursor, cut
from domain.pipelines import AnyPipeline, AnyStage, Stage
from domain.tickets.counting import counted
from domain.tickets.finding import seen
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork


class Card(NamedTuple):
    """A ticket as it is shown; `content` and `own` (the account's own properties) are null where nobody asked.

    Its times are texts in ISO 8601: moments take longer to be read and written than all the rest of a card.
    """

    id: UUID
    pipeline_id: UUID
    stage_id: UUID | None
    rank: str
    key: str
    subject: str
    content: str | None
    priority: str | None
    owner_id: UUID | None
    team_id: UUID | None
    own: Json | None
    created_at: str
    entered_at: str
    closed_at: str | None
    revision: int
    editable: bool

    @property
    def in_edit_scope(self) -> bool:
        """Whether it lies in the edit scope of the actor who found it (B21)."""
        return self.editable

    @property
    def properties(self) -> Json:
        """The account's own properties that hold something."""
        if self.own is None:
            raise LookupError("the properties of this card were not asked for")
        return self.own


# What is asked for where the stage is known; its id is the first.
_WITHIN_A_STAGE = tuple(name for name in Card._fields if name not in {"pipeline_id", "stage_id"})
_MOMENTS = ("created_at", "entered_at", "closed_at")


class Column(NamedTuple):
    """One stage of a board: how many cards the actor sees in it, and the first of them."""

    stage: AnyStage
    total: int
    cards: Page[Card]


_FIRST = bindparam("first", type_=Integer())


@prepared
def _board(actor: Actor, wide: bool) -> Select[*tuple[Any, ...]]:
    here = and_(Ticket.stage_id == Stage.id, Ticket.account_id == Stage.account_id)
    cards = lateral(
        _cards(actor, wide, _WITHIN_A_STAGE).where(here).order_by(Ticket.rank, Ticket.id).limit(_FIRST).correlate(Stage)
    )
    totals = lateral(counted(actor))
    return (
        select(Stage.position, totals.c.total, *cards.c)
        .select_from(Stage)
        .join(totals, true())
        .outerjoin(cards, true())
        .where(Stage.account_id == actor.account_id, Stage.pipeline_id == bindparam("pipeline"))
        # A join may lose the order of its inner side, so it is asked for again.
        .order_by(Stage.position, cards.c.rank, cards.c.id)
    )


@prepared
def _stage(actor: Actor, wide: bool, *, continued: bool) -> Select[*tuple[Any, ...]]:
    found = _cards(actor, wide, _WITHIN_A_STAGE).where(Ticket.stage_id == bindparam("stage"))
    if continued:
        place = tuple_(bindparam("rank", type_=Text(collation="C")), bindparam("after", type_=Uuid()))
        found = found.where(tuple_(Ticket.rank, Ticket.id) > place)
    return found.order_by(Ticket.rank, Ticket.id).limit(_FIRST)


@prepared
def _by_id(actor: Actor, wide: bool) -> Select[*tuple[Any, ...]]:
    return _cards(actor, wide).where(Ticket.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))


@prepared
def _anchor(actor: Actor) -> Select[*tuple[Any, ...]]:
    here = and_(Ticket.stage_id == bindparam("stage"), Ticket.id == bindparam("after"))
    return _joined(select(Ticket.rank)).where(seen(actor), here)


async def read_board(work: UnitOfWork, pipeline: AnyPipeline, first: int, *, wide: bool = True) -> list[Column]:
    """The columns of a found pipeline's board, each with its total and at most `first` cards; one statement, in the
    snapshot in which the pipeline was read, since stages are told apart by their positions.

    With `wide` off, cards come without content and properties of the account's own.
    """
    rows = await _board(work.actor, wide).rows(work.session, **about(work.actor), pipeline=pipeline.id, first=first + 1)
    by_position: dict[int, list[Row]] = {}
    for row in rows:
        by_position.setdefault(row[0], []).append(row)
    return [_column(stage, by_position.get(stage.position, ()), first) for stage in pipeline.stages]


def _column(stage: AnyStage, rows: Sequence[Row], first: int) -> Column:
    cards = [_card(stage, row[2:]) for row in rows if row[2] is not None]
    return Column(stage, rows[0][1] if rows else 0, cut(cards, first))


def _card(stage: AnyStage, values: Row) -> Card:
    """From the columns of `_WITHIN_A_STAGE`."""
    return Card(values[0], stage.pipeline_id, stage.id, *values[1:])


async def read_stage(
    work: UnitOfWork, stage: AnyStage, first: int, after: RankCursor | None = None, *, wide: bool = True
) -> Page[Card]:
    """Further cards of a stage whose pipeline was found, after a cursor; one statement, two after a rebalancing."""
    given = about(work.actor) | {"stage": stage.id, "first": first + 1}
    if after is not None:
        given |= {"after": after.id, "rank": after.rank}
        if after.epoch != stage.rank_epoch:
            given["rank"] = await find_rank(work, stage.id, after.id)
            if given["rank"] is None:
                raise NotFound("card to continue after; read the stage from its beginning", field=("after",))
    statement = _stage(work.actor, wide, continued=after is not None)
    return cut([_card(stage, row) for row in await statement.rows(work.session, **given)], first)


async def read_tickets(work: UnitOfWork, ids: Iterable[UUID], *, wide: bool = True) -> dict[UUID, Card]:
    """Visible tickets by id, to be shown; one statement."""
    rows = await _by_id(work.actor, wide).rows(work.session, **about(work.actor), ids=list(ids))
    return {row[0]: Card._make(row) for row in rows}


async def read_ticket(work: UnitOfWork, id: UUID, *, wide: bool = True, field: Path = ("ticketId",)) -> Card:
    """One visible ticket to be shown, or NotFound."""
    found = (await read_tickets(work, [id], wide=wide)).get(id)
    if found is None:
        raise NotFound("ticket", field=field)
    return found


async def find_rank(work: UnitOfWork, stage_id: UUID, ticket_id: UUID) -> str | None:
    """The rank of a visible ticket in that stage; None where it is not, or no longer, there."""
    row = await _anchor(work.actor).row(work.session, **about(work.actor), stage=stage_id, after=ticket_id)
    return row[0] if row else None


def _cards(actor: Actor, wide: bool, names: Sequence[str] = Card._fields) -> Select[*tuple[Any, ...]]:
    special: dict[str, ColumnElement[Any]] = {
        "content": (Ticket.content if wide else null()).label("content"),
        "own": (Ticket.properties if wide else null()).label("own"),
        "editable": editable(actor, Ticket.owner_id, Ticket.team_id).label("editable"),
    }
    special |= {name: _written(getattr(Ticket, name)).label(name) for name in _MOMENTS}
    columns = [special[name] if name in special else getattr(Ticket, name) for name in names]
    return _joined(select(*columns)).where(seen(actor))


def _written(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """A moment in ISO 8601, in UTC whatever the session's time zone is."""
    return func.btrim(cast(func.to_json(func.timezone("UTC", moment)), Text), '"').op("||")("+00:00")


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.select_from(Ticket).join(
        PipelineAccess,
        and_(PipelineAccess.account_id == Ticket.account_id, PipelineAccess.pipeline_id == Ticket.pipeline_id),
    )
