"""What the mutations of tickets answer."""

import strawberry
from strawberry import ID

from resolvers.tickets import TicketView
from schema.errors import UserError
from schema.pipelines.types import Presenter
from schema.tickets.types import Ticket

_ERRORS = "Why it was declined; empty when it was done."


@strawberry.type
class OneTicket:
    """The fields of payloads about one ticket."""

    ticket: Ticket | None = strawberry.field(
        default=None, description="The ticket as it is now; null when it was declined, or is no longer visible."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type(description="The ticket that was created.")
class CreateTicketPayload(OneTicket):
    """Answer of createTicket."""


@strawberry.type(description="The ticket that was changed.")
class UpdateTicketPayload(OneTicket):
    """Answer of updateTicket."""


@strawberry.type(description="The ticket that was moved.")
class MoveTicketPayload(OneTicket):
    """Answer of moveTicket."""


@strawberry.type(description="The ticket that was closed.")
class CloseTicketPayload(OneTicket):
    """Answer of closeTicket."""


@strawberry.type(description="The ticket that was reopened.")
class ReopenTicketPayload(OneTicket):
    """Answer of reopenTicket."""


@strawberry.type(description="The ticket that was assigned.")
class AssignTicketPayload(OneTicket):
    """Answer of assignTicket."""


@strawberry.type(description="The ticket that was deleted.")
class DeleteTicketPayload:
    """Answer of deleteTicket."""

    deleted_ticket_id: ID | None = strawberry.field(
        default=None, description="The global id of the ticket that is gone; null when it was declined."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


def shape_ticket(view: TicketView | None) -> Ticket | None:
    """The ticket of a view, as clients see it."""
    return Ticket.of(view.ticket, Presenter(view.related)) if view else None
