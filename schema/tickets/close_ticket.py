"""closeTicket: to a CLOSED stage of its pipeline (S19)."""

import strawberry

from resolvers import tickets as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.references import StageRef, stage_ref
from schema.tickets.ticket_payload import TicketInput, TicketPayload


@mutation_input(description="The ticket to close.")
class CloseTicketInput(TicketInput):
    """A ticket and perhaps a CLOSED stage (S19)."""

    stage: StageRef | None = strawberry.field(
        default=None, description="A CLOSED stage of the ticket's pipeline; the first one unless given."
    )


@payload(description="The ticket that was closed.")
class CloseTicketPayload(TicketPayload):
    """Answer of closeTicket."""


@strawberry.mutation(
    description="Close a ticket by moving it to a CLOSED stage of its pipeline. Requires the AGENT role."
)
async def close_ticket(info: Info, input: Input[CloseTicketInput]) -> CloseTicketPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID (S19)."""
    closing = resolvers.close_ticket(
        mutation_of(info, input),
        ticket_id=input.id,
        stage=stage_ref(input.stage),
        expected_revision=input.expected_revision,
    )
    return await payload_of(CloseTicketPayload, closing)
