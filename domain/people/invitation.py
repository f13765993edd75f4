"""An invitation: a person may join the account as a user that was created for them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, SeenBy, Thing


class Invitation(Thing, Base):
    """Ends by acceptance, cancellation or time; its user cannot sign in until then. Of its token only the SHA-256 is
    kept.
    """

    __tablename__ = "invitation"
    seen_by: ClassVar = SeenBy.PEOPLE_MANAGERS
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "user_id"], ["account_user.account_id", "account_user.id"], ondelete="CASCADE"
        ),
        CheckConstraint("octet_length(secret_hash) = 32", "sha256"),
        UniqueConstraint("account_id", "secret_hash"),
        Index(
            "uq_invitation_open",
            "account_id",
            "user_id",
            unique=True,
            postgresql_where="accepted_at IS NULL AND cancelled_at IS NULL",
        ),
    )

    user_id: Mapped[UUID]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    invited_by: Mapped[UUID | None]
    invited_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[UUID | None]
