"""setTicketScopes: which tickets a user may view and edit (B21)."""

import strawberry

from domain import people
from resolvers import people as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.member_payload import MemberInput, MemberPayload
from schema.people.role_inputs import TicketScopeInput


@mutation_input(description="Both ticket scopes of a user.")
class SetTicketScopesInput(MemberInput):
    """View and edit scope (B21)."""

    view: TicketScopeInput = strawberry.field(description="The tickets that the user may view.")
    edit: TicketScopeInput = strawberry.field(description="The tickets among these that the user may edit.")


@payload(description="The member whose ticket scopes were set.")
class SetTicketScopesPayload(MemberPayload):
    """Answer of setTicketScopes."""


@strawberry.mutation(
    description="Set which tickets of the visible pipelines a user may view and edit, from their next request on. "
    "Requires the SUPER_ADMIN role."
)
async def set_ticket_scopes(info: Info, input: Input[SetTicketScopesInput]) -> SetTicketScopesPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID (B21)."""
    done = resolvers.set_ticket_scopes(
        mutation_of(info, input),
        user_id=input.id,
        scopes=people.Scopes(input.view.scope(), input.edit.scope()),
        expected_revision=input.expected_revision,
    )
    return await payload_of(SetTicketScopesPayload, done)
