"""Visits: the stays of a ticket in stages, from which time in stage is computed (B10)."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from domain.database.model import Base, SeenBy, Thing


class Visit(Thing, Base):
    """A stay in one stage, and who began and ended it; open while `left_at` is null.

    Its pipeline and stage have no foreign keys: a visit outlives a deleted stage.
    """

    __tablename__ = "visit"
    seen_by: ClassVar = SeenBy.TICKET_AND_PIPELINE
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "ticket_id"], ["ticket.account_id", "ticket.id"], ondelete="CASCADE"),
        CheckConstraint("left_at >= entered_at", "forward"),
        Index("uq_visit_open", "account_id", "ticket_id", unique=True, postgresql_where="left_at IS NULL"),
        Index(None, "account_id", "ticket_id", "entered_at"),
    )

    ticket_id: Mapped[UUID]
    pipeline_id: Mapped[UUID]
    stage_id: Mapped[UUID]
    entered_at: Mapped[datetime]
    entered_by_kind: Mapped[str]
    entered_by: Mapped[UUID | None]
    left_at: Mapped[datetime | None]
    left_by_kind: Mapped[str | None]
    left_by: Mapped[UUID | None]
