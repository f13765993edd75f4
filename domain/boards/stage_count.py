"""Kept counts of the standing tickets in each stage, all of them and by owner and team, so that no board counts them.

Whatever moves tickets leaves a row that says by how many a stage's count changes. A trigger writes it, so that no way
of writing can forget it, and nobody waits for anybody else over it (decision 29). The worker folds them (counting.py).
"""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, SeenBy, Tenant


class StageCount(Tenant, Base):
    """By how many the standing tickets of a stage became more, or fewer; their sum is how many there are.

    Without a foreign key on purpose: its check would lock the stage that a ticket leaves, which a move does not hold.
    """

    __tablename__ = "stage_count"
    seen_by: ClassVar = SeenBy.STAGE
    stage_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    change: Mapped[int]


class StageShare(Tenant, Base):
    """The same by the tickets' owner and team, for who sees some of them; `folded` is whether the worker made it."""

    __tablename__ = "stage_share"
    seen_by: ClassVar = SeenBy.STAGE
    __table_args__ = (Index(None, "account_id", postgresql_where=text("NOT folded")),)

    stage_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID | None]
    team_id: Mapped[UUID | None]
    change: Mapped[int]
    folded: Mapped[bool] = mapped_column(server_default="false")
