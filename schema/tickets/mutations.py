"""Root fields that change tickets."""

import strawberry
from strawberry import ID

from domain.reference import TOP
from resolvers import tickets as resolvers
from schema.arguments import Input
from schema.ids import Kind, global_id, uuid_of
from schema.info import Info, includes, once
from schema.references import pipeline_ref, place, stage_ref
from schema.results import settle
from schema.tickets import inputs, payloads
from schema.tickets.payloads import shape_ticket


@strawberry.type
class TicketMutation:
    """Mutations of tickets."""

    @strawberry.mutation(description="Create a ticket; in a CLOSED stage it is closed at once. Needs the agent's role.")
    async def create_ticket(self, info: Info, input: Input[inputs.CreateTicketInput]) -> payloads.CreateTicketPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, PLACE_GONE, INVALID (S19)."""
        doing = resolvers.create_ticket(
            info.context,
            once(info, input, input.idempotency_key),
            includes(info),
            pipeline=pipeline_ref(input.pipeline),
            stage=stage_ref(input.stage),
            draft=input.draft(),
            place=place(input.place, Kind.TICKET, otherwise=TOP),
        )
        return await settle(
            doing,
            lambda done: payloads.CreateTicketPayload(ticket=shape_ticket(done)),
            lambda errors: payloads.CreateTicketPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Change what a ticket says.")
    async def update_ticket(self, info: Info, input: Input[inputs.UpdateTicketInput]) -> payloads.UpdateTicketPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID."""
        doing = resolvers.update_ticket(
            info.context,
            once(info, input, input.idempotency_key),
            includes(info),
            ticket_id=uuid_of(Kind.TICKET, input.ticket_id),
            changes=input.changes(),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.UpdateTicketPayload(ticket=shape_ticket(done)),
            lambda errors: payloads.UpdateTicketPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Move a ticket to a stage of its own or another pipeline, to the top, the bottom, or beside a card."
    )
    async def move_ticket(self, info: Info, input: Input[inputs.MoveTicketInput]) -> payloads.MoveTicketPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, PLACE_GONE (B5, B10, S19)."""
        doing = resolvers.move_ticket(
            info.context,
            once(info, input, input.idempotency_key),
            includes(info),
            ticket_id=uuid_of(Kind.TICKET, input.ticket_id),
            pipeline=pipeline_ref(input.pipeline),
            stage=stage_ref(input.stage),
            place=place(input.place, Kind.TICKET, otherwise=TOP),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.MoveTicketPayload(ticket=shape_ticket(done)),
            lambda errors: payloads.MoveTicketPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Move a ticket to a CLOSED stage of its pipeline, the first one unless named.")
    async def close_ticket(self, info: Info, input: Input[inputs.CloseTicketInput]) -> payloads.CloseTicketPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID (S19)."""
        doing = resolvers.close_ticket(
            info.context,
            once(info, input, input.idempotency_key),
            includes(info),
            ticket_id=uuid_of(Kind.TICKET, input.ticket_id),
            stage=stage_ref(input.stage),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.CloseTicketPayload(ticket=shape_ticket(done)),
            lambda errors: payloads.CloseTicketPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Move a closed ticket to the last OPEN stage that it left, or else to the first OPEN one."
    )
    async def reopen_ticket(self, info: Info, input: Input[inputs.ReopenTicketInput]) -> payloads.ReopenTicketPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT, INVALID (S19)."""
        doing = resolvers.reopen_ticket(
            info.context,
            once(info, input, input.idempotency_key),
            includes(info),
            ticket_id=uuid_of(Kind.TICKET, input.ticket_id),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.ReopenTicketPayload(ticket=shape_ticket(done)),
            lambda errors: payloads.ReopenTicketPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Give a ticket to a user, a team or both, or take it away from them.")
    async def assign_ticket(self, info: Info, input: Input[inputs.AssignTicketInput]) -> payloads.AssignTicketPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT."""
        doing = resolvers.assign_ticket(
            info.context,
            once(info, input, input.idempotency_key),
            includes(info),
            ticket_id=uuid_of(Kind.TICKET, input.ticket_id),
            changes=input.changes(),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.AssignTicketPayload(ticket=shape_ticket(done)),
            lambda errors: payloads.AssignTicketPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Delete a ticket: it leaves boards, counts and lists. Needs the agent's role.")
    async def delete_ticket(self, info: Info, input: Input[inputs.DeleteTicketInput]) -> payloads.DeleteTicketPayload:
        """Declines NOT_FOUND, NOT_PERMITTED, CONFLICT."""
        doing = resolvers.delete_ticket(
            info.context,
            once(info, input, input.idempotency_key),
            ticket_id=uuid_of(Kind.TICKET, input.ticket_id),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.DeleteTicketPayload(deleted_ticket_id=ID(global_id(Kind.TICKET, done))),
            lambda errors: payloads.DeleteTicketPayload(user_errors=errors),
        )
