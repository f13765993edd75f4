"""The card: a ticket as the API returns it, and the columns that a statement selects for it."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, null

from domain.access import editable
from domain.actor import Actor
from domain.database.model import Json
from domain.tickets.ticket import Ticket


class Card(NamedTuple):
    """A ticket as the API returns it; `content` and `own` (the account's own properties) are None unless selected.

    Times are ISO 8601 texts: converting timestamps takes longer than the rest of a card.
    """

    id: UUID
    pipeline_id: UUID
    stage_id: UUID | None
    rank: str
    key: str
    subject: str
    content: str | None
    priority: str | None
    owner_id: UUID | None
    team_id: UUID | None
    own: Json | None
    created_at: str
    entered_at: str
    closed_at: str | None
    revision: int
    editable: bool

    @property
    def in_edit_scope(self) -> bool:
        """Whether it is in the edit scope of the actor who found it (B21)."""
        return self.editable

    @property
    def properties(self) -> Json:
        """The account's own properties that have a value."""
        if self.own is None:
            raise LookupError("the properties of this card were not selected")
        return self.own


# The fields to select where the stage is known; the id comes first.
STAGE_CARD_FIELDS = tuple(name for name in Card._fields if name not in {"pipeline_id", "stage_id"})
TIMESTAMPS = ("created_at", "entered_at", "closed_at")


def columns(actor: Actor, wide: bool, names: Sequence[str]) -> list[Any]:
    """The columns of these fields; without `wide`, content and the account's own properties are null."""
    special: dict[str, ColumnElement[Any]] = {
        "content": (Ticket.content if wide else null()).label("content"),
        "own": (Ticket.properties if wide else null()).label("own"),
        "editable": editable(actor, Ticket.owner_id, Ticket.team_id).label("editable"),
    }
    special |= {name: iso_timestamp(getattr(Ticket, name)).label(name) for name in TIMESTAMPS}
    return [special[name] if name in special else getattr(Ticket, name) for name in names]


def iso_timestamp(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """A timestamp as ISO 8601 text in UTC, whatever the time zone of the session."""
    return func.btrim(cast(func.to_json(func.timezone("UTC", moment)), Text), '"').op("||")("+00:00")
