"""The card: a ticket as it is shown, and what is asked of the database for it."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, null

from domain.access import editable
from domain.actor import Actor
from domain.database.model import Json
from domain.tickets.ticket import Ticket


class Card(NamedTuple):
    """A ticket as it is shown; `content` and `own` (the account's own properties) are null where nobody asked.

    Its times are texts in ISO 8601: moments take longer to be read and written than all the rest of a card.
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
        """Whether it lies in the edit scope of the actor who found it (B21)."""
        return self.editable

    @property
    def properties(self) -> Json:
        """The account's own properties that hold something."""
        if self.own is None:
            raise LookupError("the properties of this card were not asked for")
        return self.own


# What is asked for where the stage is known; its id is the first.
STAGE_CARD_FIELDS = tuple(name for name in Card._fields if name not in {"pipeline_id", "stage_id"})
TIMESTAMPS = ("created_at", "entered_at", "closed_at")


def columns(actor: Actor, wide: bool, names: Sequence[str]) -> list[Any]:
    """What those fields of cards are asked as; without `wide` neither content nor properties of the account's own."""
    special: dict[str, ColumnElement[Any]] = {
        "content": (Ticket.content if wide else null()).label("content"),
        "own": (Ticket.properties if wide else null()).label("own"),
        "editable": editable(actor, Ticket.owner_id, Ticket.team_id).label("editable"),
    }
    special |= {name: iso_timestamp(getattr(Ticket, name)).label(name) for name in TIMESTAMPS}
    return [special[name] if name in special else getattr(Ticket, name) for name in names]


def iso_timestamp(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """A moment in ISO 8601, in UTC whatever the session's time zone is."""
    return func.btrim(cast(func.to_json(func.timezone("UTC", moment)), Text), '"').op("||")("+00:00")
