"""People: the identity that signs in (global), the user that it is in one account, and the teams of an account."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.actor import Reach, TicketScope
from domain.database.model import Base, SeenBy, Tenant, Thing, of_account
from policies import Role


class Identity(Base):
    """A person with an e-mail address and a password; the same one in every account they belong to.

    `verified_at` is when an identity provider vouched for the address. `epoch` grows when the password changes:
    sessions of an earlier one have ended, in every account at once.
    """

    __tablename__ = "identity"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    epoch: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UserState(StrEnum):
    """INVITED until the invitation is accepted, ACTIVE while they can sign in, INACTIVE after they left."""

    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


class User(Thing, Base):
    """A membership of one account: roles and ticket scopes (B21). A placeholder made by an import has no identity.

    The table is called account_user because `user` means the current role to PostgreSQL.
    """

    __tablename__ = "account_user"
    seen_by: ClassVar = SeenBy.ACCOUNT
    __table_args__ = (
        of_account(),
        UniqueConstraint("account_id", "imported_as"),
        UniqueConstraint("account_id", "identity_id"),
        Index(None, "account_id", "name"),
    )

    identity_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.id"))
    name: Mapped[str]
    email: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    active: Mapped[bool] = mapped_column(server_default="true")
    view_reach: Mapped[str] = mapped_column(server_default=Reach.ALL.value)
    view_unassigned: Mapped[bool] = mapped_column(server_default="true")
    edit_reach: Mapped[str] = mapped_column(server_default=Reach.ALL.value)
    edit_unassigned: Mapped[bool] = mapped_column(server_default="true")
    imported_as: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deactivated_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default="1")

    @property
    def state(self) -> "UserState":
        """Whether the user works here: placeholders of imports never do."""
        if self.active:
            return UserState.ACTIVE
        return UserState.INVITED if self.deactivated_at is None and self.identity_id else UserState.INACTIVE

    @property
    def role_set(self) -> frozenset[Role]:
        """The user's roles as the gate knows them."""
        return frozenset(Role(role) for role in self.roles)

    @property
    def view_scope(self) -> TicketScope:
        """Which tickets the user may view."""
        return TicketScope(Reach(self.view_reach), self.view_unassigned)

    @property
    def edit_scope(self) -> TicketScope:
        """Which tickets the user may edit."""
        return TicketScope(Reach(self.edit_reach), self.edit_unassigned)


class Team(Thing, Base):
    """A group of users: it can own tickets and be granted pipelines (S11)."""

    __tablename__ = "team"
    seen_by: ClassVar = SeenBy.ACCOUNT
    __table_args__ = (
        of_account(),
        UniqueConstraint("account_id", "imported_as"),
    )

    name: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default="true")
    imported_as: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revision: Mapped[int] = mapped_column(server_default="1")


class TeamMember(Tenant, Base):
    """That a user is in a team."""

    __tablename__ = "team_member"
    seen_by: ClassVar = SeenBy.PEOPLE_MANAGERS
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "team_id"], ["team.account_id", "team.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["account_id", "user_id"], ["account_user.account_id", "account_user.id"], ondelete="CASCADE"
        ),
        Index(None, "account_id", "user_id"),
    )

    team_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)


class Token(Thing, Base):
    """A session: a bearer token of one membership, of which only the SHA-256 is kept.

    It ends by expiry, by revocation, or when the person's password changed, since it carries the `epoch` of its making.
    `address` is where it was made from.
    """

    __tablename__ = "token"
    seen_by: ClassVar = SeenBy.OWNER
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "user_id"], ["account_user.account_id", "account_user.id"], ondelete="CASCADE"
        ),
        CheckConstraint("octet_length(secret_hash) = 32", "sha256"),
        UniqueConstraint("account_id", "secret_hash"),
        Index(None, "account_id", "user_id"),
    )

    user_id: Mapped[UUID]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    epoch: Mapped[int] = mapped_column(server_default="1")
    address: Mapped[str | None]
    last_used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_address: Mapped[str | None]


class Throttle(Base):
    """How often something was tried in a window, by a hash of who tried; outside any account."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]
