"""updateTicket: subject, description, priority and own properties of a ticket."""

from typing import Any

import strawberry
from strawberry import UNSET

from resolvers import tickets as resolvers
from schema.arguments import Input
from schema.enums import Priority
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.tickets.property_values import PropertyValueInput, values_of
from schema.tickets.ticket_payload import TicketInput, TicketPayload


@mutation_input(description="The fields of a ticket to change; omitted fields stay as they are.")
class UpdateTicketInput(TicketInput):
    """Texts, priority and own properties."""

    subject: str | None = strawberry.field(
        default=UNSET, description="The new subject, at most 500 characters; null is declined."
    )
    content: str | None = strawberry.field(
        default=UNSET, description="The new description, at most 65,536 characters; null empties it."
    )
    priority: Priority | None = strawberry.field(default=UNSET, description="The new priority; null removes it.")
    properties: list[PropertyValueInput] | None = strawberry.field(
        default=UNSET,
        description="New values for the account's own properties; properties not named here keep theirs, and null "
        "changes none.",
    )

    def changes(self) -> dict[str, Any]:
        """The fields that were given."""
        given: dict[str, Any] = {}
        if self.subject is not UNSET:
            given["subject"] = self.subject or ""
        if self.content is not UNSET:
            given["content"] = self.content or ""
        if self.priority is not UNSET:
            given["priority"] = self.priority
        if self.properties:
            given["properties"] = values_of(self.properties)
        return given


@payload(description="The ticket that was updated.")
class UpdateTicketPayload(TicketPayload):
    """Answer of updateTicket."""


@strawberry.mutation(description="Update the texts, priority and own properties of a ticket. Requires the AGENT role.")
async def update_ticket(info: Info, input: Input[UpdateTicketInput]) -> UpdateTicketPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID."""
    updating = resolvers.update_ticket(
        mutation_of(info, input),
        ticket_id=input.id,
        changes=input.changes(),
        expected_revision=input.expected_revision,
    )
    return await payload_of(UpdateTicketPayload, updating)
