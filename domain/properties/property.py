"""Ticket properties: the built-in ones, which are columns, and an account's own, whose values stand in the ticket.

Custom properties hold text for now; further types arrive with validation and options.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, SeenBy, Thing, of_account


class BuiltIn(StrEnum):
    """The properties that every ticket has, by internal name."""

    KEY = "key"
    SUBJECT = "subject"
    CONTENT = "content"
    PRIORITY = "priority"
    OWNER = "owner"
    TEAM = "team"
    CREATED_AT = "created_at"
    ENTERED_AT = "entered_at"
    CLOSED_AT = "closed_at"


BUILT_IN_LABELS: dict[str, str] = {
    BuiltIn.KEY: "Key",
    BuiltIn.SUBJECT: "Subject",
    BuiltIn.CONTENT: "Description",
    BuiltIn.PRIORITY: "Priority",
    BuiltIn.OWNER: "Owner",
    BuiltIn.TEAM: "Team",
    BuiltIn.CREATED_AT: "Created",
    BuiltIn.ENTERED_AT: "In stage since",
    BuiltIn.CLOSED_AT: "Closed",
}


class Property(Thing, Base):
    """A property that an account defined for its tickets."""

    __tablename__ = "property"
    seen_by: ClassVar = SeenBy.ACCOUNT
    __table_args__ = (
        of_account(),
        UniqueConstraint("account_id", "internal_name"),
    )

    internal_name: Mapped[str]
    label: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revision: Mapped[int] = mapped_column(server_default="1")
