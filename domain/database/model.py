"""The ground that all tables stand on: declarative base, names of constraints, column types and tenancy.

What a table holds lives in its feature's noun file; who may read its rows lives in the migrations (row-level security).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import BigInteger, ForeignKeyConstraint, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Json = dict[str, Any]


class SeenBy(StrEnum):
    """By whose sight the rows of a table are seen (B16, docs/explanation/access.md).

    What has no access of its own inherits it from the parent that is named here. Row-level security stands before all
    of them: nothing is ever seen from another account.
    """

    ITSELF = "ITSELF"  # it has an access of its own, of which domain/access/visibility.py is the only author
    ACCOUNT = "ACCOUNT"  # everybody of the account
    PIPELINE = "PIPELINE"  # whoever sees the pipeline
    STAGE = "STAGE"  # whoever sees the stage, and every ticket of its pipeline
    TICKET = "TICKET"  # whoever sees the ticket
    TICKET_AND_PIPELINE = "TICKET_AND_PIPELINE"  # whoever sees the ticket and the pipeline in which it was
    PIPELINES_OF_EVENT = "PIPELINES_OF_EVENT"  # whoever sees the pipelines that it left and reached, and the auditors
    OWNER = "OWNER"  # whose it is, and nobody else
    ACCESS_MANAGERS = "ACCESS_MANAGERS"  # who manages access
    PEOPLE_MANAGERS = "PEOPLE_MANAGERS"  # who manages people
    APP_MANAGERS = "APP_MANAGERS"  # who manages apps
    AUDITORS = "AUDITORS"  # who reads the audit log
    NOBODY = "NOBODY"  # it is for the machinery alone


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own declaration of this attribute)
        UUID: Uuid,
        datetime: TIMESTAMP(timezone=True),
        str: Text,
        int: BigInteger,
        dict[str, Any]: JSONB(none_as_null=True),
    }


class Tenant:
    """A row of one account: `account_id` leads the primary key (law 8), and row-level security holds it there.

    Only tables without another parent have a foreign key to the account (`of_account`): elsewhere it is implied, and
    each check would lock the account's row once more. `seen_by` says by whose sight its rows are seen.
    """

    seen_by: ClassVar[SeenBy]

    account_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)


class Thing(Tenant):
    """A row with an identity of its own: a UUIDv7 made by the application, unique within its account."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)


def of_account() -> ForeignKeyConstraint:
    """The foreign key of a table whose rows hang from the account itself."""
    return ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE")


def new_id() -> UUID:
    """A fresh UUIDv7; within one process they ascend in the order of the calls (RFC 9562)."""
    return uuid_utils.compat.uuid7()
