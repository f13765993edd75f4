"""A pipeline and its stages: the way that tickets of one kind travel."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from domain.database.model import Base, SeenBy, Thing, of_account


class Pipeline(Thing, Base):
    """An ordered set of stages with a name, a card (S15) and a counter for its tickets' keys.

    The default one takes the tickets for which no pipeline is named (S3).
    `level` is the finding actor's level on it, `card_labels` what the account's own properties on its card are called,
    and `stages` its stages in order, all filled by the finder; `key_prefix` begins the keys of its tickets.
    """

    __tablename__ = "pipeline"
    seen_by: ClassVar = SeenBy.ITSELF
    __table_args__ = (
        of_account(),
        UniqueConstraint("account_id", "internal_name"),
        UniqueConstraint("account_id", "position", deferrable=True, initially="DEFERRED"),
        Index("uq_pipeline_default", "account_id", unique=True, postgresql_where="is_default"),
    )

    internal_name: Mapped[str]
    label: Mapped[str]
    position: Mapped[int]
    key_prefix: Mapped[str]
    last_number: Mapped[int] = mapped_column(server_default="0")
    is_default: Mapped[bool] = mapped_column(server_default="false")
    card: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revision: Mapped[int] = mapped_column(server_default="1")
    level: Mapped[str | None] = query_expression()
    card_labels: Mapped[dict[str, Any] | None] = query_expression()
    stages: Mapped[list["Stage"]] = relationship(viewonly=True, lazy="raise", order_by="Stage.position")


class StageState(StrEnum):
    """Whether tickets in a stage are being worked on or done (S19)."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Stage(Thing, Base):
    """A step of a pipeline. `rank_epoch` grows when the ranks of its cards were rebalanced, so that old cursors are
    told.
    """

    __tablename__ = "stage"
    seen_by: ClassVar = SeenBy.PIPELINE
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "pipeline_id"], ["pipeline.account_id", "pipeline.id"], ondelete="CASCADE"),
        UniqueConstraint("account_id", "pipeline_id", "id"),
        UniqueConstraint("account_id", "pipeline_id", "internal_name", name="uq_stage_internal_name"),
        UniqueConstraint(
            "account_id", "pipeline_id", "position", name="uq_stage_position", deferrable=True, initially="DEFERRED"
        ),
        CheckConstraint("state IN ('OPEN', 'CLOSED')", "state"),
    )

    pipeline_id: Mapped[UUID]
    internal_name: Mapped[str]
    label: Mapped[str]
    state: Mapped[str]
    position: Mapped[int]
    rank_epoch: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revision: Mapped[int] = mapped_column(server_default="1")
