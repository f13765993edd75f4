"""API apps: programs that act in an account as themselves, with permissions of their own and secrets to come in by
(B32).
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, SeenBy, Tenant, Thing, of_account


class App(Thing, Base):
    """A program of a partner. It acts only while its sponsor, who made or adopted it, is a super admin.

    `sponsor_id` is null while it is suspended: its sponsor was demoted or left, and nobody has adopted it yet.
    """

    __tablename__ = "app"
    seen_by: ClassVar = SeenBy.APP_MANAGERS
    __table_args__ = (
        of_account(),
        ForeignKeyConstraint(
            ["account_id", "sponsor_id"],
            ["account_user.account_id", "account_user.id"],
            ondelete="SET NULL (sponsor_id)",
        ),
        CheckConstraint("reach IN ('ALL', 'EVERYONE', 'LISTED')", "reach"),
        Index(None, "account_id", "sponsor_id"),
    )

    name: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reach: Mapped[str]
    created_by: Mapped[UUID | None]
    sponsor_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[UUID | None]
    revision: Mapped[int] = mapped_column(server_default="1")


class AppPipeline(Tenant, Base):
    """That an app whose reach is LISTED reaches a pipeline."""

    __tablename__ = "app_pipeline"
    seen_by: ClassVar = SeenBy.APP_MANAGERS
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "app_id"], ["app.account_id", "app.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["account_id", "pipeline_id"], ["pipeline.account_id", "pipeline.id"], ondelete="CASCADE"),
        Index(None, "account_id", "pipeline_id"),
    )

    app_id: Mapped[UUID] = mapped_column(primary_key=True)
    pipeline_id: Mapped[UUID] = mapped_column(primary_key=True)


class AppSecret(Thing, Base):
    """A secret by which an app comes in: only its SHA-256 is kept. Several overlap while one is being replaced."""

    __tablename__ = "app_secret"
    seen_by: ClassVar = SeenBy.APP_MANAGERS
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "app_id"], ["app.account_id", "app.id"], ondelete="CASCADE"),
        CheckConstraint("octet_length(secret_hash) = 32", "sha256"),
        UniqueConstraint("account_id", "secret_hash"),
        Index(None, "account_id", "app_id"),
    )

    app_id: Mapped[UUID]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_used_address: Mapped[str | None]
