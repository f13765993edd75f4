"""deleteTicket: a ticket leaves boards, counts and lists; it is archived."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import tickets as resolvers
from schema.arguments import Input
from schema.ids import Kind, global_id
from schema.info import Info
from schema.mutation import Payload, mutation_input, mutation_of, payload, payload_of
from schema.tickets.ticket_payload import TicketInput


@mutation_input(description="The ticket to delete.")
class DeleteTicketInput(TicketInput):
    """A ticket."""


@payload(description="The ticket that was deleted.")
class DeleteTicketPayload(Payload):
    """Answer of deleteTicket."""

    deleted_ticket_id: ID | None = strawberry.field(
        default=None, description="The global id of the deleted ticket; null if the request was declined."
    )

    @classmethod
    def of(cls, ticket_id: UUID) -> Self:
        """The id of the ticket that was archived."""
        return cls(deleted_ticket_id=ID(global_id(Kind.TICKET, ticket_id)))


@strawberry.mutation(description="Delete a ticket: it leaves boards, counts and lists. Requires the AGENT role.")
async def delete_ticket(info: Info, input: Input[DeleteTicketInput]) -> DeleteTicketPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT."""
    deleting = resolvers.delete_ticket(
        mutation_of(info, input), ticket_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(DeleteTicketPayload, deleting)
