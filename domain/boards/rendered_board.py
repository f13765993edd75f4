"""Having boards and pages of a stage rendered by the database, in the texts that an answer is made of (decision 32).

A stage comes as one text of each kind, of which the server has only to take the pieces apart. Who sees what is found as
for cards of any other kind (domain/boards/board.py).
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Text, bindparam, cast, func, lateral, literal, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from domain.access import editable
from domain.actor import Actor
from domain.boards.board import Column, find_place, first_cards, of_stages
from domain.boards.counts import counted
from domain.boards.rendered_card import JSON, PLAIN, RECORD_SEPARATOR, TEXT_INDEX, RenderedCard, RenderedCards
from domain.database.prepared import actor_params, prepared
from domain.page import Page, RankCursor, cut
from domain.pipelines import AnyPipeline, AnyStage, Stage
from domain.tickets import TIMESTAMPS, Ticket, iso_timestamp
from domain.unit_of_work import UnitOfWork


@prepared
def _board(actor: Actor, wide: bool) -> Select[*tuple[Any, ...]]:
    totals, packed = lateral(counted(actor)), _packed(actor, wide)
    return (
        of_stages(select(Stage.position, totals.c.total, *packed.c))
        .join(totals, true())
        .join(packed, true())
        .where(Stage.account_id == actor.account_id, Stage.pipeline_id == bindparam("pipeline"))
    )


@prepared
def _stage(actor: Actor, wide: bool, *, continued: bool) -> Select[*tuple[Any, ...]]:
    packed = _packed(actor, wide, continued=continued)
    return (
        of_stages(select(*packed.c))
        .join(packed, true())
        .where(Stage.account_id == actor.account_id, Stage.id == bindparam("stage"))
    )


def _packed(actor: Actor, wide: bool, *, continued: bool = False) -> FromClause:
    """The first cards of a stage: one text of each kind, in which are those of all the cards; null without cards."""
    texts = [text.label(f"text_{place}") for place, text in enumerate(_texts(actor, wide))]
    what: list[Any] = [Ticket.rank, Ticket.id, *texts]
    cards = first_cards(actor, what, continued=continued)
    in_order = aggregate_order_by(literal(RECORD_SEPARATOR), cards.c.rank, cards.c.id)
    return lateral(select(*(func.string_agg(cards.c[text.key], in_order).label(text.key) for text in texts)))


def _texts(actor: Actor, wide: bool) -> list[ColumnElement[str]]:
    """The texts of a card, in their places."""
    plain: dict[str, ColumnElement[str]] = {
        "rank": cast(Ticket.rank, Text),
        "id": func.encode(func.uuid_send(Ticket.id), "hex"),
        "owner_id": func.coalesce(cast(Ticket.owner_id, Text), ""),
        "team_id": func.coalesce(cast(Ticket.team_id, Text), ""),
        "editable": cast(editable(actor, Ticket.owner_id, Ticket.team_id), Text),
    }
    return [*(plain[name] for name in PLAIN), *(_json(name) for name in JSON if wide or name != "content")]


def _json(name: str) -> ColumnElement[str]:
    column = getattr(Ticket, name)
    text: ColumnElement[str] = cast(func.to_json(column), Text)
    if name in TIMESTAMPS:
        text = literal('"').op("||")(iso_timestamp(column)).op("||")('"')
    return func.coalesce(text, "null") if Ticket.__table__.c[name].nullable else text


async def read_rendered_board(
    work: UnitOfWork, pipeline: AnyPipeline, first: int, *, wide: bool = True
) -> list[Column]:
    """The columns of a found pipeline's board, as `read_board` has them, with rendered cards; one statement.

    With `wide` off, cards come without content. They have no properties of the account's own in any case.
    """
    given = actor_params(work.actor) | {"pipeline": pipeline.id, "first": first + 1}
    rows = await _board(work.actor, wide).rows(work.session, **given)
    by_position = {row[0]: (row[1], row[2:]) for row in rows}
    columns, known = [], dict[Any, Any]()
    for stage in pipeline.stages:
        # Taken out, so that what is large is not held twice.
        total, packed = by_position.pop(stage.position, (0, ()))
        columns.append(Column(stage, total, cut(_unpacked(stage, packed, known), first)))
    return columns


async def read_rendered_stage(
    work: UnitOfWork, stage: AnyStage, first: int, after: RankCursor | None = None, *, wide: bool = True
) -> Page[RenderedCard]:
    """Further cards of a stage, as `read_stage` has them, rendered."""
    given = actor_params(work.actor) | {"stage": stage.id, "first": first + 1} | await find_place(work, stage, after)
    row = await _stage(work.actor, wide, continued=after is not None).row(work.session, **given)
    return cut(_unpacked(stage, row or (), {}), first)


def _unpacked(stage: AnyStage, packed: Iterable[str | None], known: dict[Any, Any]) -> RenderedCards:
    texts = [text.split(RECORD_SEPARATOR) for text in packed if text is not None]
    return RenderedCards(stage, texts or [[]] * len(TEXT_INDEX), known)
