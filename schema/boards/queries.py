"""Root fields that read boards."""

from typing import Annotated

import strawberry
from strawberry import ID, argument

from domain.page import RankCursor
from domain.pipelines import AnyStage
from resolvers import boards as resolvers
from schema.arguments import PageSize
from schema.boards.types import Board, TicketConnection
from schema.ids import Kind, uuid_of
from schema.info import Info, includes_of
from schema.paging import DEFAULT_PAGE, bound_to, open_card
from schema.presenter import Presenter
from schema.references import PipelineRef, pipeline_ref
from schema.results import or_null

_AFTER = "The cursor of the ticket to continue after; from the first one unless given."


@strawberry.type
class BoardQuery:
    """Queries about boards."""

    @strawberry.field(
        description="The board of a pipeline: its stages in order, each with its count and its first cards. "
        "Null when there is no such pipeline for the viewer."
    )
    async def board(
        self,
        info: Info,
        pipeline: Annotated[
            PipelineRef | None, argument(description="The pipeline; the account's default one unless given.")
        ] = None,
        first: PageSize = DEFAULT_PAGE,
    ) -> Board | None:
        """One to three statements, whatever the pipeline holds (B5)."""
        view = await or_null(resolvers.read_board(info.context, pipeline_ref(pipeline), first, includes_of(info)))
        return Board.of(view, info.context.services.cursors) if view else None

    @strawberry.field(
        description="Further cards of one stage, in board order, after a cursor that a board or this field gave. "
        "Null when there is no such stage for the viewer."
    )
    async def stage_cards(
        self,
        info: Info,
        stage_id: Annotated[ID, argument(description="The global id of the stage.")],
        first: PageSize = DEFAULT_PAGE,
        after: Annotated[str | None, argument(description=_AFTER)] = None,
    ) -> TicketConnection | None:
        """A keyset page (B5, B12)."""
        seal = info.context.services.cursors

        def opened(stage: AnyStage) -> RankCursor | None:
            return None if after is None else open_card(seal, after, bound_to(stage.account_id, stage.id))

        found = resolvers.read_stage(info.context, uuid_of(Kind.STAGE, stage_id), first, opened, includes_of(info))
        view = await or_null(found)
        if view is None:
            return None
        return TicketConnection.of(view.page, view.stage, Presenter(view.related), seal, continued=after is not None)
