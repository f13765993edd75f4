"""Root fields that find tickets and read boards."""

from typing import Annotated

import strawberry
from strawberry import ID, argument

from domain.page import RankCursor
from domain.pipelines import AnyStage
from resolvers import boards
from resolvers import tickets as resolvers
from schema.arguments import PageSize
from schema.errors import BadInput
from schema.ids import Kind, uuid_of
from schema.info import Info, includes
from schema.paging import DEFAULT_PAGE, bound_to, open_card
from schema.pipelines.types import Presenter
from schema.references import PipelineRef, pipeline_ref
from schema.results import or_null
from schema.tickets.boards import Board, TicketConnection
from schema.tickets.payloads import shape_ticket
from schema.tickets.types import Ticket

_STAGE = "The global id of the stage."
_AFTER = "The cursor of the ticket to continue after; from the first one unless given."
_KEY = "A key that the ticket has or had, such as SUP-142, in capitals or not."
_OF_THE_KEY = "The pipeline that the key is of; needed where tickets of several pipelines have it."


@strawberry.type
class TicketQuery:
    """Queries about tickets."""

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
        view = await or_null(boards.read_board(info.context, pipeline_ref(pipeline), first, includes(info)))
        return Board.of(view, info.context.services.cursors) if view else None

    @strawberry.field(
        description="Further cards of one stage, in board order, after a cursor that a board or this field gave. "
        "Null when there is no such stage for the viewer."
    )
    async def stage_cards(
        self,
        info: Info,
        stage_id: Annotated[ID, argument(description=_STAGE)],
        first: PageSize = DEFAULT_PAGE,
        after: Annotated[str | None, argument(description=_AFTER)] = None,
    ) -> TicketConnection | None:
        """A keyset page (B5, B12)."""
        seal = info.context.services.cursors

        def opened(stage: AnyStage) -> RankCursor | None:
            return None if after is None else open_card(seal, after, bound_to(stage.account_id, stage.id))

        found = boards.read_stage(info.context, uuid_of(Kind.STAGE, stage_id), first, opened, includes(info))
        view = await or_null(found)
        if view is None:
            return None
        return TicketConnection.of(view.page, view.stage, Presenter(view.related), seal, continued=after is not None)

    @strawberry.field(
        description="One ticket, by its id, or by its key and perhaps its pipeline; null when there is none for the "
        "viewer."
    )
    async def ticket(
        self,
        info: Info,
        id: Annotated[ID | None, argument(description="The global id of the ticket.")] = None,
        key: Annotated[str | None, argument(description=_KEY)] = None,
        pipeline: Annotated[PipelineRef | None, argument(description=_OF_THE_KEY)] = None,
    ) -> Ticket | None:
        """One visible ticket."""
        if (id is None) == (key is None) or (id is not None and pipeline is not None):
            raise BadInput("Give either `id`, or `key` and perhaps `pipeline`.")
        if id is not None:
            finding = resolvers.find_ticket(info.context, uuid_of(Kind.TICKET, id), includes(info))
        else:
            finding = resolvers.find_ticket_by_key(info.context, key or "", pipeline_ref(pipeline), includes(info))
        return shape_ticket(await or_null(finding))
