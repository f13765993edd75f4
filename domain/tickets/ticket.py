"""A ticket, its keys, its closures and its archival.

A ticket is in one stage of one pipeline, at one rank. Its stays in stages are in `visit.py`.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from domain.database.model import Base, Json, SeenBy, Tenant, Thing


class Priority(StrEnum):
    """How urgent a ticket is."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    URGENT = "URGENT"


class Ticket(Thing, Base):
    """One customer interaction.

    `rank` orders the cards of a stage in the C collation (B5); `entered_at` is when the open visit began; `closed_at`
    and `archived_at` repeat the open closure and archival rows, so that a board reads one table. `editable`, filled by
    the finder, is whether the ticket is in the actor's edit scope (B21).
    """

    __tablename__ = "ticket"
    seen_by: ClassVar = SeenBy.ITSELF
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "pipeline_id", "stage_id"],
            ["stage.account_id", "stage.pipeline_id", "stage.id"],
            name="fk_ticket_stage",
            ondelete="SET NULL (stage_id)",
        ),
        ForeignKeyConstraint(
            ["account_id", "owner_id"],
            ["account_user.account_id", "account_user.id"],
            name="fk_ticket_owner",
            ondelete="SET NULL (owner_id)",
        ),
        ForeignKeyConstraint(
            ["account_id", "team_id"],
            ["team.account_id", "team.id"],
            name="fk_ticket_team",
            ondelete="SET NULL (team_id)",
        ),
        CheckConstraint("archived_at IS NOT NULL OR stage_id IS NOT NULL", "in_a_stage"),
        CheckConstraint("priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')", "priority"),
        Index("ix_ticket_board", "account_id", "stage_id", "rank", "id", postgresql_where="archived_at IS NULL"),
        Index("ix_ticket_owner", "account_id", "owner_id"),
        Index("ix_ticket_team", "account_id", "team_id"),
        Index("ix_ticket_pipeline", "account_id", "pipeline_id"),
    )

    pipeline_id: Mapped[UUID]
    stage_id: Mapped[UUID | None]
    rank: Mapped[str] = mapped_column(Text(collation="C"))
    key: Mapped[str]
    subject: Mapped[str]
    content: Mapped[str] = mapped_column(server_default="")
    priority: Mapped[str | None]
    owner_id: Mapped[UUID | None]
    team_id: Mapped[UUID | None]
    properties: Mapped[Json] = mapped_column(server_default="{}")
    created_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default="1")
    editable: Mapped[bool | None] = query_expression()

    @property
    def in_edit_scope(self) -> bool:
        """Whether the ticket is in the actor's edit scope. A change clears it: find the ticket again before the next
        change.
        """
        if self.editable is None:
            raise LookupError("find the ticket again before changing it once more")
        return self.editable


class TicketKey(Tenant, Base):
    """A key that a ticket has or had; after a move to another pipeline the old one still finds it (settled choice
    6).
    """

    __tablename__ = "ticket_key"
    seen_by: ClassVar = SeenBy.TICKET_AND_PIPELINE
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "ticket_id"], ["ticket.account_id", "ticket.id"], ondelete="CASCADE"),
        Index(None, "account_id", "key"),
        Index(None, "account_id", "ticket_id"),
    )

    pipeline_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str]
    ticket_id: Mapped[UUID]


class Closure(Thing, Base):
    """A period in which a ticket was closed: its begin and end, and who closed and reopened it (S19)."""

    __tablename__ = "closure"
    seen_by: ClassVar = SeenBy.TICKET
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "ticket_id"], ["ticket.account_id", "ticket.id"], ondelete="CASCADE"),
        Index("uq_closure_open", "account_id", "ticket_id", unique=True, postgresql_where="reopened_at IS NULL"),
        Index(None, "account_id", "ticket_id"),
    )

    ticket_id: Mapped[UUID]
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID | None]
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[UUID | None]


class Archival(Thing, Base):
    """The deletion of a ticket: it left boards and finders, and can be restored (settled choice 7)."""

    __tablename__ = "archival"
    seen_by: ClassVar = SeenBy.TICKET
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "ticket_id"], ["ticket.account_id", "ticket.id"], ondelete="CASCADE"),
        Index(None, "account_id", "ticket_id"),
    )

    ticket_id: Mapped[UUID]
    archived_at: Mapped[datetime]
    archived_by: Mapped[UUID | None]


class ImportedTicket(Tenant, Base):
    """The source rows that a ticket was imported from, so that an import run again adds only new ones (B34)."""

    __tablename__ = "imported_ticket"
    seen_by: ClassVar = SeenBy.TICKET
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "ticket_id"], ["ticket.account_id", "ticket.id"], ondelete="CASCADE"),
        UniqueConstraint("account_id", "source", "number"),
    )

    ticket_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str]
    number: Mapped[str]
    row_digests: Mapped[bytes]
