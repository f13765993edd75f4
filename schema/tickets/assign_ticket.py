"""assignTicket: an owner, a team or both."""

from uuid import UUID

import strawberry
from strawberry import ID, UNSET

from resolvers import tickets as resolvers
from schema.arguments import Input
from schema.ids import Kind, optional_uuid
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.tickets.ticket_payload import TicketInput, TicketPayload


@mutation_input(description="The new owner or team of a ticket; an omitted field stays as it is, null removes it.")
class AssignTicketInput(TicketInput):
    """An owner, a team or both."""

    owner_id: ID | None = strawberry.field(
        default=UNSET, description="The global id of the new owner, an active user; null leaves the ticket unassigned."
    )
    team_id: ID | None = strawberry.field(
        default=UNSET, description="The global id of the new team, an active one; null removes the team."
    )

    def changes(self) -> dict[str, UUID | None]:
        """The fields that were given."""
        given: dict[str, UUID | None] = {}
        if self.owner_id is not UNSET:
            given["owner_id"] = optional_uuid(Kind.USER, self.owner_id)
        if self.team_id is not UNSET:
            given["team_id"] = optional_uuid(Kind.TEAM, self.team_id)
        return given


@payload(description="The ticket that was assigned.")
class AssignTicketPayload(TicketPayload):
    """Answer of assignTicket."""


@strawberry.mutation(description="Assign a ticket to a user, a team or both, or remove them. Requires the AGENT role.")
async def assign_ticket(info: Info, input: Input[AssignTicketInput]) -> AssignTicketPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT."""
    assigning = resolvers.assign_ticket(
        mutation_of(info, input),
        ticket_id=input.id,
        changes=input.changes(),
        expected_revision=input.expected_revision,
    )
    return await payload_of(AssignTicketPayload, assigning)
