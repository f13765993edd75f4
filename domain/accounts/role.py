"""Custom roles: sets of permissions that an account names itself, and who holds them (spec, section C).

What the built-in roles allow is law and in `policies/`; these are facts, and no text of a tenant reaches the gate.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, SeenBy, Tenant, Thing, of_account
from policies import Permission, may_be_given


class CustomRole(Thing, Base):
    """A named set of permissions; who holds it is a viewer besides. Its name is unique in the account."""

    __tablename__ = "custom_role"
    seen_by: ClassVar = SeenBy.PEOPLE_MANAGERS
    __table_args__ = (
        of_account(),
        UniqueConstraint("account_id", "name"),
    )

    name: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revision: Mapped[int] = mapped_column(server_default="1")


class CustomRoleHolder(Tenant, Base):
    """That a user holds a custom role, and who gave it to them."""

    __tablename__ = "custom_role_holder"
    seen_by: ClassVar = SeenBy.PEOPLE_MANAGERS
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "role_id"], ["custom_role.account_id", "custom_role.id"]),
        ForeignKeyConstraint(
            ["account_id", "user_id"], ["account_user.account_id", "account_user.id"], ondelete="CASCADE"
        ),
        Index(None, "account_id", "user_id"),
    )

    role_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())


def givable(names: Iterable[str]) -> frozenset[Permission]:
    """The permissions of these names that custom roles and apps can hold; a name that is not, or no longer, one of them
    is left out.
    """
    wanted = frozenset(names)
    return frozenset(each for each in Permission if each.value in wanted and may_be_given(each))
