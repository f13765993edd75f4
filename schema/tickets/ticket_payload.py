"""What the mutations of one ticket have in common."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers.tickets import TicketView
from schema.ids import Kind, uuid_of
from schema.mutation import Payload, RevisedInput
from schema.presenter import Presenter
from schema.tickets.types import Ticket


@strawberry.input
class TicketInput(RevisedInput):
    """The fields of inputs that change one ticket."""

    ticket_id: ID = strawberry.field(description="The global id of the ticket.")

    @property
    def id(self) -> UUID:
        """The id of the ticket."""
        return uuid_of(Kind.TICKET, self.ticket_id)


@strawberry.type
class TicketPayload(Payload):
    """The fields of payloads that return one ticket."""

    ticket: Ticket | None = strawberry.field(
        default=None,
        description="The ticket as it is now; null if the request was declined, or if the viewer no longer sees it.",
    )

    @classmethod
    def of(cls, view: TicketView | None) -> Self:
        """The ticket that was read again after the commit."""
        return cls(ticket=ticket_of(view))


def ticket_of(view: TicketView | None) -> Ticket | None:
    """The ticket of a view as clients see it."""
    return Ticket.of(view.ticket, Presenter(view.related)) if view else None
