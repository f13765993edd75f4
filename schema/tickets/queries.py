"""Root fields that find tickets and read boards."""

import strawberry
from strawberry import ID

from domain.errors import Invalid, NotFound
from resolvers import tickets as resolvers
from schema.errors import BadInput
from schema.ids import Kind, uuid_of
from schema.info import Info, wanted
from schema.paging import DEFAULT_PAGE, bound_to, open_card
from schema.pipelines.types import Shapes
from schema.references import PipelineRef, pipeline_ref
from schema.tickets.payloads import shape_ticket
from schema.tickets.types import Board, BoardStage, Ticket, TicketConnection


@strawberry.type
class TicketQuery:
    """Queries about tickets."""

    @strawberry.field(
        description="The board of a pipeline, of the default one unless given: its stages in order, each with its "
        "count and its first cards. `first` is from 1 to 500. Null when there is no such pipeline for the viewer."
    )
    async def board(self, info: Info, pipeline: PipelineRef | None = None, first: int = DEFAULT_PAGE) -> Board | None:
        """One to three statements, whatever the pipeline holds (B5)."""
        try:
            view = await resolvers.read_board(info.context, pipeline_ref(pipeline), first, wanted(info))
        except NotFound:
            return None
        except Invalid as refusal:
            raise BadInput(refusal.message) from None
        shapes, seal = Shapes(view.scene), info.context.services.cursors
        shaped = shapes.pipeline(view.pipeline.id)
        stages = [
            BoardStage(
                stage=stage,
                total_count=column.total,
                cards=TicketConnection.of(column.cards, column.stage, shapes, seal, continued=False),
            )
            for stage, column in zip(shaped.stages, view.columns, strict=True)
        ]
        return Board(pipeline=shaped, stages=stages)

    @strawberry.field(
        description="Further cards of one stage, in board order, after a cursor that a board or this field gave. "
        "`first` is from 1 to 500. Null when there is no such stage for the viewer."
    )
    async def stage_cards(
        self, info: Info, stage_id: ID, first: int = DEFAULT_PAGE, after: str | None = None
    ) -> TicketConnection | None:
        """A keyset page (B5, B12)."""
        context, stage = info.context, uuid_of(Kind.STAGE, stage_id)
        seal = context.services.cursors
        try:
            cursor = open_card(seal, after, bound_to(context.account_id, stage)) if after else None
            view = await resolvers.read_stage(context, stage, first, cursor, wanted(info))
        except NotFound:
            return None
        except Invalid as refusal:
            raise BadInput(refusal.message) from None
        return TicketConnection.of(view.page, view.stage, Shapes(view.scene), seal, continued=after is not None)

    @strawberry.field(
        description="One ticket, by its id or by a key that it has or had; null when there is none for the viewer."
    )
    async def ticket(self, info: Info, id: ID | None = None, key: str | None = None) -> Ticket | None:
        """One visible ticket."""
        if (id is None) == (key is None):
            raise BadInput("Give exactly one of `id` and `key`.")
        try:
            if id is not None:
                view = await resolvers.find_ticket(info.context, uuid_of(Kind.TICKET, id), wanted(info))
            else:
                view = await resolvers.find_ticket_by_key(info.context, key or "", wanted(info))
        except NotFound:
            return None
        except Invalid as refusal:
            raise BadInput(refusal.message) from None
        return shape_ticket(view)
