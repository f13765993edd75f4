"""What the audit chain leaves behind: a seal for each batch of events, and signed heads of the chain (settled choice
11); and failed sign-ins on their way into the logs of the accounts that they concern.
"""

from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from sqlalchemy import LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, SeenBy, Tenant


class AuditSeal(Tenant, Base):
    """The digest of the chain after the events `first_number` to `last_number`; only `seal_audit` in the database can
    write one.
    """

    __tablename__ = "audit_seal"
    seen_by: ClassVar = SeenBy.AUDITORS

    last_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_number: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]


class AuditHead(Tenant, Base):
    """A digest of the chain, signed with a key that the database does not have."""

    __tablename__ = "audit_head"
    seen_by: ClassVar = SeenBy.AUDITORS

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime]


class FailedSignIn(Base):
    """Somebody gave an e-mail address and no password that fits it. Of no account, since nobody has looked yet whether
    the address is anybody's; the worker does, and deletes the row.
    """

    __tablename__ = "failed_sign_in"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    address: Mapped[str | None]
    code: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Signer(Protocol):
    """Signs heads. The key stays with the server, outside the database; `key_id` names it, in hexadecimal digits."""

    @property
    def key_id(self) -> str:
        """The name of the key: the beginning of a hash of its public half."""

    @property
    def public_key(self) -> bytes:
        """What others verify with."""

    def sign(self, message: bytes) -> bytes:
        """The signature of a message."""

    def verifies(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether a signature is that of a message by the holder of some key, ours or another."""

    def name(self, public_key: bytes) -> str:
        """The `key_id` of any public key."""
