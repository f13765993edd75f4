"""An account is the tenant: what it is called, what it has bought, and how outside names lead to it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, SeenBy
from policies import AddOn, Plan, Tier


class Account(Base):
    """One customer of the product; every other row of theirs carries its id."""

    __tablename__ = "account"
    seen_by: ClassVar = SeenBy.ACCOUNT

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str]
    service_tier: Mapped[str]
    marketing_tier: Mapped[str]
    add_ons: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    locale: Mapped[str] = mapped_column(server_default="en")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revision: Mapped[int] = mapped_column(server_default="1")

    @property
    def plan(self) -> Plan:
        """The three axes of the plan as the gate asks for them."""
        return plan_of(self.service_tier, self.marketing_tier, self.add_ons)


def plan_of(service_tier: str, marketing_tier: str, add_ons: Iterable[str]) -> Plan:
    """A plan from what a row says of it."""
    return Plan(Tier(service_tier), Tier(marketing_tier), frozenset(AddOn(name) for name in add_ons))


class DirectoryKind(StrEnum):
    """What sort of outside name an entry holds."""

    ACCOUNT = "ACCOUNT"
    EMAIL = "EMAIL"


class DirectoryEntry(Base):
    """Where an outside name leads: an account's slug to the account, an e-mail address to a membership.

    One of the few tables outside row-level security, since it is asked before the account is known (settled choice 1).
    """

    __tablename__ = "directory_entry"
    __table_args__ = (Index("uq_directory_entry_slug", "name", unique=True, postgresql_where="kind = 'ACCOUNT'"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    target_id: Mapped[UUID]
