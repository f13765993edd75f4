"""Events: what happened, append-only, written in the transaction of the change itself (law 3).

The event log is timeline, audit source and journal at once. An outbox row beside each event says that it still waits
for its journal number; `journal.py` gives it.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, Json, SeenBy, Tenant


class EventKind(StrEnum):
    """Everything that can happen, in the past tense; new kinds may be added.

    A kind is never dropped and never renamed alone: rows keep the string they were written with, so `kind_renames.py`
    gets a line (decision 33).
    """

    ACCOUNT_CREATED = "ACCOUNT_CREATED"
    PLAN_UPDATED = "PLAN_UPDATED"
    USER_INVITED = "USER_INVITED"
    INVITATION_RENEWED = "INVITATION_RENEWED"
    INVITATION_CANCELLED = "INVITATION_CANCELLED"
    USER_JOINED = "USER_JOINED"
    USER_UPDATED = "USER_UPDATED"
    USER_ROLES_UPDATED = "USER_ROLES_UPDATED"
    USER_SCOPES_UPDATED = "USER_SCOPES_UPDATED"
    USER_DEACTIVATED = "USER_DEACTIVATED"
    USER_REACTIVATED = "USER_REACTIVATED"
    TEAM_CREATED = "TEAM_CREATED"
    TEAM_UPDATED = "TEAM_UPDATED"
    TEAM_DEACTIVATED = "TEAM_DEACTIVATED"
    TEAM_REACTIVATED = "TEAM_REACTIVATED"
    ROLE_CREATED = "ROLE_CREATED"
    ROLE_UPDATED = "ROLE_UPDATED"
    ROLE_DELETED = "ROLE_DELETED"
    APP_CREATED = "APP_CREATED"
    APP_UPDATED = "APP_UPDATED"
    APP_ADOPTED = "APP_ADOPTED"
    APP_SUSPENDED = "APP_SUSPENDED"
    APP_DELETED = "APP_DELETED"
    APP_SECRET_CREATED = "APP_SECRET_CREATED"  # noqa: S105 (a name, and no secret)
    APP_SECRET_REVOKED = "APP_SECRET_REVOKED"  # noqa: S105 (a name, and no secret)
    APP_USED = "APP_USED"
    PLACEHOLDER_CREATED = "PLACEHOLDER_CREATED"
    IDENTITY_LINKED = "IDENTITY_LINKED"
    IDENTITY_UNLINKED = "IDENTITY_UNLINKED"
    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    SESSION_REVOKED = "SESSION_REVOKED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 (a name, and no password)
    ACCESS_DENIED = "ACCESS_DENIED"
    PIPELINE_CREATED = "PIPELINE_CREATED"
    PIPELINE_UPDATED = "PIPELINE_UPDATED"
    PIPELINE_MADE_DEFAULT = "PIPELINE_MADE_DEFAULT"
    PIPELINES_REORDERED = "PIPELINES_REORDERED"
    PIPELINE_DELETED = "PIPELINE_DELETED"
    PIPELINE_ACCESS_UPDATED = "PIPELINE_ACCESS_UPDATED"
    STAGE_CREATED = "STAGE_CREATED"
    STAGE_UPDATED = "STAGE_UPDATED"
    STAGES_REORDERED = "STAGES_REORDERED"
    STAGE_DELETED = "STAGE_DELETED"
    PROPERTY_CREATED = "PROPERTY_CREATED"
    TICKET_CREATED = "TICKET_CREATED"
    TICKET_UPDATED = "TICKET_UPDATED"
    TICKET_MOVED = "TICKET_MOVED"
    TICKET_ASSIGNED = "TICKET_ASSIGNED"
    TICKET_CLOSED = "TICKET_CLOSED"
    TICKET_REOPENED = "TICKET_REOPENED"
    TICKET_DELETED = "TICKET_DELETED"


# The audit log holds every change of configuration and access, sign-ins and denials (B18). Tickets have histories of
# their own.
AUDITED = frozenset(kind for kind in EventKind if not kind.startswith("TICKET_"))


# After these somebody may see or do less than before, so long-lived requests are authorized again (B19). Ticket events
# are not among them: a ticket is read again as its viewer each time it is returned.
REVOKES_ACCESS = frozenset(
    {
        EventKind.PLAN_UPDATED,
        EventKind.USER_ROLES_UPDATED,
        EventKind.USER_SCOPES_UPDATED,
        EventKind.USER_DEACTIVATED,
        EventKind.TEAM_UPDATED,
        EventKind.TEAM_DEACTIVATED,
        EventKind.ROLE_UPDATED,
        EventKind.ROLE_DELETED,
        EventKind.APP_UPDATED,
        EventKind.APP_SUSPENDED,
        EventKind.APP_DELETED,
        EventKind.APP_SECRET_REVOKED,
        EventKind.SIGNED_OUT,
        EventKind.SESSION_REVOKED,
        EventKind.PASSWORD_CHANGED,
        EventKind.IDENTITY_LINKED,
        EventKind.PIPELINE_ACCESS_UPDATED,
        EventKind.PIPELINE_DELETED,
    }
)


class Event(Tenant, Base):
    """One thing that happened: who, when, to what, before and after; never changed and never deleted.

    Without foreign keys on purpose: what happened outlives what it happened to. `pipeline_from` and `pipeline_to` are
    the pipelines by which the event is visible, not where its ticket is now (settled choice 10). `salt` hides what the
    audit chain commits to; `commitment` takes the place of address, before and after once these were erased (decision
    21).
    """

    __tablename__ = "event"
    seen_by: ClassVar = SeenBy.PIPELINES_OF_EVENT
    __table_args__ = (
        Index(None, "account_id", "object_id", "at"),
        Index("ix_event_audited", "account_id", "at", "id", postgresql_where="object_kind <> 'ticket'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    at: Mapped[datetime]
    kind: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    address: Mapped[str | None]
    object_kind: Mapped[str]
    object_id: Mapped[UUID]
    pipeline_from: Mapped[UUID | None]
    pipeline_to: Mapped[UUID | None]
    before: Mapped[Json | None]
    after: Mapped[Json | None]
    salt: Mapped[bytes] = mapped_column(
        LargeBinary, server_default=text("uuid_send(gen_random_uuid())"), deferred=True, deferred_raiseload=True
    )
    commitment: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class Outbox(Base):
    """An event that still waits for its journal number; the worker reads across accounts and deletes it.

    Outside row-level security: it holds ids alone, and the relay must see the work of every account. The key has the
    order in which events are numbered, so that the oldest are found however many wait.
    """

    __tablename__ = "outbox"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)


class JournalHead(Tenant, Base):
    """The last journal number given in an account; its row lock puts relays in a queue."""

    __tablename__ = "journal_head"
    seen_by: ClassVar = SeenBy.NOBODY

    last_number: Mapped[int]


class JournalEntry(Tenant, Base):
    """The place of an event in its account's journal: 1, 2, 3 … without a gap."""

    __tablename__ = "journal_entry"
    seen_by: ClassVar = SeenBy.PIPELINES_OF_EVENT
    __table_args__ = (Index(None, "account_id", "event_id", unique=True),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[UUID]
