"""moveTicket: to a stage of the same or another pipeline, and to a place among its cards (B5, B10, S19)."""

import strawberry

from domain.reference import TOP
from resolvers import tickets as resolvers
from schema.arguments import Input
from schema.ids import Kind
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.references import CardPlace, PipelineRef, StageRef, pipeline_ref, place, stage_ref
from schema.tickets.ticket_payload import TicketInput, TicketPayload


@mutation_input(description="Where to move a ticket.")
class MoveTicketInput(TicketInput):
    """A stage, a place in it, or both (B5)."""

    pipeline: PipelineRef | None = strawberry.field(
        default=None,
        description="Another pipeline. There the ticket gets a new key; the old key still finds it.",
    )
    stage: StageRef | None = strawberry.field(
        default=None,
        description="The stage; unless given, the ticket's own stage, or the first stage of another pipeline.",
    )
    place: CardPlace | None = strawberry.field(
        default=None, description="The place in the stage; the top unless given."
    )


@payload(description="The ticket that was moved.")
class MoveTicketPayload(TicketPayload):
    """Answer of moveTicket."""


@strawberry.mutation(
    description="Move a ticket to a stage of its own or another pipeline: to the top, to the bottom, or beside a card. "
    "Entering a CLOSED stage closes the ticket, leaving it reopens the ticket. Requires the AGENT role."
)
async def move_ticket(info: Info, input: Input[MoveTicketInput]) -> MoveTicketPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, PLACE_GONE (B5, B10, S19)."""
    moving = resolvers.move_ticket(
        mutation_of(info, input),
        ticket_id=input.id,
        pipeline=pipeline_ref(input.pipeline),
        stage=stage_ref(input.stage),
        place=place(input.place, Kind.TICKET, otherwise=TOP),
        expected_revision=input.expected_revision,
    )
    return await payload_of(MoveTicketPayload, moving)
