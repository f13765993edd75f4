"""Boards and pages of their cards as clients see them."""

from collections.abc import Sequence
from typing import NamedTuple

import strawberry

from domain import boards, pipelines
from domain.page import Page
from resolvers.boards import BoardView
from resolvers.ports import Seal
from schema.paging import PageInfo, bound_to, seal_card
from schema.pipelines.stage import Stage
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter
from schema.row_types import computed, nested, nested_list, row_type
from schema.tickets.types import Ticket, ticket_type


@strawberry.type(description="A ticket in a list, and the cursor to continue after it.")
class TicketEdge:
    """Relay's edge."""

    node: Ticket = strawberry.field(description="The ticket.")
    cursor: str = strawberry.field(description="Pass it as `after` to continue after this ticket.")


@strawberry.type(description="A page of tickets.")
class TicketConnection:
    """Relay's connection."""

    edges: list[TicketEdge] = strawberry.field(description="The tickets of the page with their cursors.")
    nodes: list[Ticket] = strawberry.field(description="The tickets of the page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")

    @classmethod
    def of(
        cls, page: Page[boards.AnyCard], stage: pipelines.AnyStage, presenter: Presenter, seal: Seal, *, continued: bool
    ) -> "TicketConnection":
        """From a page of a stage's cards."""
        bound = bound_to(stage.account_id, stage.id)
        return _connection(page, _Around(stage.rank_epoch, bound, presenter, seal, continued))


class _Around(NamedTuple):
    """What all cards of a page have in common."""

    epoch: int
    bound: bytes
    presenter: Presenter
    seal: Seal
    continued: bool

    def info(self, page: Page[boards.AnyCard]) -> PageInfo:
        """Where a page lies."""
        return PageInfo(
            has_next_page=page.has_more,
            has_previous_page=self.continued,
            start_cursor=_cursor(page.items[0], self) if page.items else None,
            end_cursor=_cursor(page.items[-1], self) if page.items else None,
        )


def _cursor(card: boards.AnyCard, around: _Around) -> str:
    """To continue after a card."""
    return seal_card(around.seal, around.bound, around.epoch, card.rank, card.id.hex)


def _rendered_cursor(texts: Sequence[str], around: _Around) -> str:
    return f'"{seal_card(around.seal, around.bound, around.epoch, texts[_RANK], texts[_ID])}"'


_RANK, _ID = boards.TEXT_INDEX["rank"], boards.TEXT_INDEX["id"]


_edge = row_type(
    TicketEdge,
    {
        "node": nested(ticket_type, shared=lambda here: here.presenter),
        "cursor": computed(_cursor, render_row=_rendered_cursor),
    },
    text_index=boards.TEXT_INDEX,
)
_connection = row_type(
    TicketConnection,
    {
        "edges": nested_list(_edge, lambda page: page.items),
        "nodes": nested_list(ticket_type, lambda page: page.items, shared=lambda here: here.presenter),
        "page_info": computed(lambda page, around: around.info(page)),
    },
)


@strawberry.type(description="A stage on a board.")
class BoardStage:
    """A column."""

    stage: Stage = strawberry.field(description="The stage.")
    total_count: int = strawberry.field(description="How many tickets the viewer sees in it.")
    cards: TicketConnection = strawberry.field(description="The first of them, in board order.")


@strawberry.type(description="The stages of a pipeline in order, each with its count and its first cards.")
class Board:
    """A board."""

    pipeline: Pipeline = strawberry.field(description="The pipeline.")
    stages: list[BoardStage] = strawberry.field(description="Its stages in order.")

    @classmethod
    def of(cls, view: BoardView, seal: Seal) -> "Board":
        """From a board as it was read."""
        presenter = Presenter(view.related)
        pipeline = pipeline_of(view.pipeline.id, presenter)
        stages = [
            BoardStage(
                stage=stage,
                total_count=column.total,
                cards=TicketConnection.of(column.cards, column.stage, presenter, seal, continued=False),
            )
            for stage, column in zip(pipeline.stages, view.columns, strict=True)
        ]
        return cls(pipeline=pipeline, stages=stages)
