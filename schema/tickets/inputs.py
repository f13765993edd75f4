"""What the mutations of tickets take."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import ID, UNSET

from domain import tickets
from schema.enums import Priority
from schema.errors import BadInput
from schema.ids import Kind, uuid_of
from schema.pipelines.inputs import KEY, REVISION
from schema.references import CardPlace, PipelineRef, StageRef

TICKET = "The global id of the ticket."


@strawberry.input(description="A value for one of the account's own properties; null clears it.")
class PropertyValueInput:
    """One property, as text."""

    name: str = strawberry.field(description="The internal name of the property.")
    value: str | None = strawberry.field(description="What it is to hold, at most 4,000 characters.")


def _values(given: list[PropertyValueInput]) -> dict[str, str | None]:
    values = {each.name: each.value for each in given}
    if len(values) < len(given):
        raise BadInput("A property is given twice.")
    return values


@strawberry.input(description="What a new ticket says and where it starts.")
class CreateTicketInput:
    """Only the subject is needed."""

    subject: str = strawberry.field(description="What it is about, at most 500 characters.")
    content: str = strawberry.field(default="", description="The description, at most 65,536 characters.")
    priority: Priority | None = strawberry.field(default=None, description="How urgent it is.")
    owner_id: ID | None = strawberry.field(default=None, description="The user whose it is.")
    team_id: ID | None = strawberry.field(default=None, description="The team whose it is.")
    properties: list[PropertyValueInput] = strawberry.field(
        default_factory=list, description="Values for the account's own properties."
    )
    pipeline: PipelineRef | None = strawberry.field(
        default=None, description="Its pipeline; the account's default one unless given."
    )
    stage: StageRef | None = strawberry.field(default=None, description="Its stage; the first OPEN one unless given.")
    place: CardPlace | None = strawberry.field(default=None, description="Its place there; the top unless given.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)

    def draft(self) -> tickets.TicketDraft:
        """As the domain takes it."""
        return tickets.TicketDraft(
            subject=self.subject,
            content=self.content,
            priority=self.priority,
            owner_id=_id(Kind.USER, self.owner_id),
            team_id=_id(Kind.TEAM, self.team_id),
            properties=_values(self.properties),
        )


@strawberry.input(description="What is to change of a ticket; what is left out stays.")
class UpdateTicketInput:
    """Texts, priority and own properties."""

    ticket_id: ID = strawberry.field(description=TICKET)
    subject: str | None = strawberry.field(default=UNSET, description="What it is about; null is declined.")
    content: str | None = strawberry.field(default=UNSET, description="The description; null empties it.")
    priority: Priority | None = strawberry.field(default=UNSET, description="How urgent it is; null takes it away.")
    properties: list[PropertyValueInput] | None = strawberry.field(
        default=UNSET, description="Values for the account's own properties; others stay, and null changes none."
    )
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)

    def changes(self) -> dict[str, Any]:
        """Those fields alone that were given."""
        given: dict[str, Any] = {}
        if self.subject is not UNSET:
            given["subject"] = self.subject or ""
        if self.content is not UNSET:
            given["content"] = self.content or ""
        if self.priority is not UNSET:
            given["priority"] = self.priority
        if self.properties:
            given["properties"] = _values(self.properties)
        return given


@strawberry.input(description="Where a ticket is to go.")
class MoveTicketInput:
    """A stage, a place in it, or both (B5)."""

    ticket_id: ID = strawberry.field(description=TICKET)
    pipeline: PipelineRef | None = strawberry.field(
        default=None, description="Another pipeline; there the ticket gets a new key, and the old one still finds it."
    )
    stage: StageRef | None = strawberry.field(
        default=None, description="The stage; its own unless given, or the first one of another pipeline."
    )
    place: CardPlace | None = strawberry.field(default=None, description="The place there; the top unless given.")
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The ticket that is to be closed.")
class CloseTicketInput:
    """A ticket and perhaps a CLOSED stage (S19)."""

    ticket_id: ID = strawberry.field(description=TICKET)
    stage: StageRef | None = strawberry.field(
        default=None, description="A CLOSED stage of its pipeline; the first one unless given."
    )
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The ticket that is to be reopened.")
class ReopenTicketInput:
    """A closed ticket (S19)."""

    ticket_id: ID = strawberry.field(description=TICKET)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Whose a ticket is to be; what is left out stays, null takes it away.")
class AssignTicketInput:
    """An owner, a team or both."""

    ticket_id: ID = strawberry.field(description=TICKET)
    owner_id: ID | None = strawberry.field(default=UNSET, description="The user whose it is to be.")
    team_id: ID | None = strawberry.field(default=UNSET, description="The team whose it is to be.")
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)

    def changes(self) -> dict[str, UUID | None]:
        """Those fields alone that were given."""
        given: dict[str, UUID | None] = {}
        if self.owner_id is not UNSET:
            given["owner_id"] = _id(Kind.USER, self.owner_id)
        if self.team_id is not UNSET:
            given["team_id"] = _id(Kind.TEAM, self.team_id)
        return given


@strawberry.input(description="The ticket that is to be deleted.")
class DeleteTicketInput:
    """A ticket; it is archived."""

    ticket_id: ID = strawberry.field(description=TICKET)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


def _id(kind: Kind, given: ID | None) -> UUID | None:
    return None if given is None else uuid_of(kind, given)
