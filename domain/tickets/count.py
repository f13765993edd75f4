"""Kept counts of the standing tickets in each stage, so that a board need not count them.

Whatever moves tickets leaves a row that says by how many a stage's count changes. A trigger writes it, so that no way
of writing can forget it, and nobody waits for anybody else over it (decision 29). The worker folds them (counting.py).
"""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.model import Base, SeenBy, Tenant


class StageCount(Tenant, Base):
    """By how many the standing tickets of a stage became more, or fewer; their sum is how many there are."""

    __tablename__ = "stage_count"
    seen_by: ClassVar = SeenBy.STAGE
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "stage_id"], ["stage.account_id", "stage.id"], ondelete="CASCADE"),
    )

    stage_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    change: Mapped[int]
