"""A link: that an identity is known to a provider, by a name that does not change as e-mail addresses do."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base


class IdentityLink(Base):
    """Which identity the provider `issuer` means by `subject`; an identity has one subject of an issuer at most.

    Of a person and so of no account: it stands outside row-level security, and is asked before an account is known
    (settled choice 1).
    """

    __tablename__ = "identity_link"
    __table_args__ = (UniqueConstraint("identity_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    identity_id: Mapped[UUID] = mapped_column(ForeignKey("identity.id"))
    linked_at: Mapped[datetime] = mapped_column(server_default=func.now())
