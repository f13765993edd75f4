"""createTicket: a ticket in a stage of a pipeline (S19)."""

import strawberry
from strawberry import ID

from domain import tickets
from domain.reference import TOP
from resolvers import tickets as resolvers
from schema.arguments import Input
from schema.enums import Priority
from schema.ids import Kind, optional_uuid
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of
from schema.references import CardPlace, PipelineRef, StageRef, pipeline_ref, place, stage_ref
from schema.tickets.property_values import PropertyValueInput, values_of
from schema.tickets.ticket_payload import TicketPayload


@mutation_input(description="What a new ticket says and where it starts.")
class CreateTicketInput(MutationInput):
    """Only the subject is required."""

    subject: str = strawberry.field(description="What the ticket is about, at most 500 characters.")
    content: str = strawberry.field(default="", description="The description, at most 65,536 characters.")
    priority: Priority | None = strawberry.field(default=None, description="The priority; none unless given.")
    owner_id: ID | None = strawberry.field(default=None, description="The global id of the owner, an active user.")
    team_id: ID | None = strawberry.field(default=None, description="The global id of the team, an active one.")
    properties: list[PropertyValueInput] = strawberry.field(
        default_factory=list, description="Values for the account's own properties."
    )
    pipeline: PipelineRef | None = strawberry.field(
        default=None, description="The pipeline; the account's default pipeline unless given."
    )
    stage: StageRef | None = strawberry.field(
        default=None, description="The stage; the first OPEN stage of the pipeline unless given."
    )
    place: CardPlace | None = strawberry.field(
        default=None, description="The place in the stage; the top unless given."
    )

    def draft(self) -> tickets.TicketDraft:
        """The ticket as the domain takes it."""
        return tickets.TicketDraft(
            subject=self.subject,
            content=self.content,
            priority=self.priority,
            owner_id=optional_uuid(Kind.USER, self.owner_id),
            team_id=optional_uuid(Kind.TEAM, self.team_id),
            properties=values_of(self.properties),
        )


@payload(description="The ticket that was created.")
class CreateTicketPayload(TicketPayload):
    """Answer of createTicket."""


@strawberry.mutation(
    description="Create a ticket. A ticket created in a CLOSED stage is closed. Requires the AGENT role."
)
async def create_ticket(info: Info, input: Input[CreateTicketInput]) -> CreateTicketPayload:
    """Declines NOT_FOUND, NOT_PERMITTED, PLACE_GONE, INVALID (S19)."""
    creating = resolvers.create_ticket(
        mutation_of(info, input),
        pipeline=pipeline_ref(input.pipeline),
        stage=stage_ref(input.stage),
        draft=input.draft(),
        place=place(input.place, Kind.TICKET, otherwise=TOP),
    )
    return await payload_of(CreateTicketPayload, creating)
