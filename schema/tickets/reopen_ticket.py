"""reopenTicket: to an OPEN stage of its pipeline (S19)."""

import strawberry

from resolvers import tickets as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.tickets.ticket_payload import TicketInput, TicketPayload


@mutation_input(description="The ticket to reopen.")
class ReopenTicketInput(TicketInput):
    """A closed ticket (S19)."""


@payload(description="The ticket that was reopened.")
class ReopenTicketPayload(TicketPayload):
    """Answer of reopenTicket."""


@strawberry.mutation(
    description="Reopen a closed ticket by moving it to the last OPEN stage that it left, or else to the first OPEN "
    "stage of its pipeline. Requires the AGENT role."
)
async def reopen_ticket(info: Info, input: Input[ReopenTicketInput]) -> ReopenTicketPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID (S19)."""
    reopening = resolvers.reopen_ticket(
        mutation_of(info, input), ticket_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(ReopenTicketPayload, reopening)
