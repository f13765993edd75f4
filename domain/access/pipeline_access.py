"""Who may come near a pipeline: its access mode and its grants (S11, spec section C)."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, SeenBy, Tenant, Thing
from policies import Level


class AccessMode(StrEnum):
    """EVERYONE has EDIT level; PRIVATE is for its creator and super admins; RESTRICTED for those with a grant."""

    EVERYONE = "EVERYONE"
    PRIVATE = "PRIVATE"
    RESTRICTED = "RESTRICTED"


class Grantee(NamedTuple):
    """Who is to have which level: exactly one of a user and a team, perhaps until a time (B22)."""

    level: Level
    user_id: UUID | None = None
    team_id: UUID | None = None
    until: datetime | None = None

    def is_for(self, other: "Grantee") -> bool:
        """Whether both are for the same user or the same team."""
        return (self.user_id, self.team_id) == (other.user_id, other.team_id)


class PipelineAccess(Tenant, Base):
    """The access mode of one pipeline, and who made it."""

    __tablename__ = "pipeline_access"
    seen_by: ClassVar = SeenBy.ACCESS_MANAGERS
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "pipeline_id"], ["pipeline.account_id", "pipeline.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["account_id", "created_by"],
            ["account_user.account_id", "account_user.id"],
            ondelete="SET NULL (created_by)",
        ),
        CheckConstraint("mode IN ('EVERYONE', 'PRIVATE', 'RESTRICTED')", "mode"),
    )

    pipeline_id: Mapped[UUID] = mapped_column(primary_key=True)
    mode: Mapped[str]
    created_by: Mapped[UUID | None]
    revision: Mapped[int] = mapped_column(server_default="1")


class PipelineGrant(Thing, Base):
    """VIEW or EDIT level on one pipeline for one user or one team, perhaps until a date (B22)."""

    __tablename__ = "pipeline_grant"
    seen_by: ClassVar = SeenBy.ACCESS_MANAGERS
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "pipeline_id"], ["pipeline.account_id", "pipeline.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["account_id", "user_id"], ["account_user.account_id", "account_user.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["account_id", "team_id"], ["team.account_id", "team.id"], ondelete="CASCADE"),
        CheckConstraint("num_nonnulls(user_id, team_id) = 1", "one_grantee"),
        CheckConstraint("level IN ('VIEW', 'EDIT')", "level"),
        UniqueConstraint("account_id", "pipeline_id", "user_id"),
        UniqueConstraint("account_id", "pipeline_id", "team_id", name="uq_pipeline_grant_team"),
        Index(None, "account_id", "user_id"),
        Index(None, "account_id", "team_id"),
    )

    pipeline_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    team_id: Mapped[UUID | None]
    level: Mapped[str]
    until: Mapped[datetime | None]
    granted_by: Mapped[UUID | None]
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def grantee(self) -> Grantee:
        """What it gives, and to whom, without by whom and when it was given."""
        return Grantee(Level(self.level), self.user_id, self.team_id, self.until)
