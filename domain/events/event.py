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
    """Everything that can happen, in the past tense; new kinds may be added."""

    ACCOUNT_FOUNDED = "ACCOUNT_FOUNDED"
    PLAN_CHANGED = "PLAN_CHANGED"
    USER_INVITED = "USER_INVITED"
    INVITATION_RENEWED = "INVITATION_RENEWED"
    INVITATION_CANCELLED = "INVITATION_CANCELLED"
    USER_JOINED = "USER_JOINED"
    USER_RENAMED = "USER_RENAMED"
    USER_ROLES_CHANGED = "USER_ROLES_CHANGED"
    USER_SCOPES_CHANGED = "USER_SCOPES_CHANGED"
    USER_DEACTIVATED = "USER_DEACTIVATED"
    USER_REACTIVATED = "USER_REACTIVATED"
    TEAM_MADE = "TEAM_MADE"
    TEAM_CHANGED = "TEAM_CHANGED"
    TEAM_DEACTIVATED = "TEAM_DEACTIVATED"
    TEAM_REACTIVATED = "TEAM_REACTIVATED"
    ROLE_DEFINED = "ROLE_DEFINED"
    ROLE_CHANGED = "ROLE_CHANGED"
    ROLE_DELETED = "ROLE_DELETED"
    APP_CREATED = "APP_CREATED"
    APP_CHANGED = "APP_CHANGED"
    APP_ADOPTED = "APP_ADOPTED"
    APP_SUSPENDED = "APP_SUSPENDED"
    APP_DELETED = "APP_DELETED"
    APP_SECRET_MADE = "APP_SECRET_MADE"  # noqa: S105 (a name, and no secret)
    APP_SECRET_REVOKED = "APP_SECRET_REVOKED"  # noqa: S105 (a name, and no secret)
    APP_USED = "APP_USED"
    PLACEHOLDER_MADE = "PLACEHOLDER_MADE"
    IDENTITY_LINKED = "IDENTITY_LINKED"
    IDENTITY_UNLINKED = "IDENTITY_UNLINKED"
    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    SESSION_REVOKED = "SESSION_REVOKED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 (a name, and no password)
    ACCESS_DENIED = "ACCESS_DENIED"
    PIPELINE_CREATED = "PIPELINE_CREATED"
    PIPELINE_RENAMED = "PIPELINE_RENAMED"
    PIPELINE_MADE_DEFAULT = "PIPELINE_MADE_DEFAULT"
    PIPELINE_CARD_CHANGED = "PIPELINE_CARD_CHANGED"
    PIPELINES_REORDERED = "PIPELINES_REORDERED"
    PIPELINE_DELETED = "PIPELINE_DELETED"
    PIPELINE_ACCESS_CHANGED = "PIPELINE_ACCESS_CHANGED"
    STAGE_ADDED = "STAGE_ADDED"
    STAGE_UPDATED = "STAGE_UPDATED"
    STAGES_REORDERED = "STAGES_REORDERED"
    STAGE_DELETED = "STAGE_DELETED"
    PROPERTY_DEFINED = "PROPERTY_DEFINED"
    TICKET_CREATED = "TICKET_CREATED"
    TICKET_UPDATED = "TICKET_UPDATED"
    TICKET_MOVED = "TICKET_MOVED"
    TICKET_ASSIGNED = "TICKET_ASSIGNED"
    TICKET_CLOSED = "TICKET_CLOSED"
    TICKET_REOPENED = "TICKET_REOPENED"
    TICKET_DELETED = "TICKET_DELETED"


# What the audit log shows: every change of configuration and access, and who came in or was kept out (B18). What
# happens to tickets is in their own histories.
AUDITED = frozenset(kind for kind in EventKind if not kind.startswith("TICKET_"))


# After these somebody may see or do less than before: whatever goes on for longer than a request is judged anew (B19).
# What happens to tickets is not among them, since every ticket that is shown is looked for as its viewer.
NARROWING = frozenset(
    {
        EventKind.PLAN_CHANGED,
        EventKind.USER_ROLES_CHANGED,
        EventKind.USER_SCOPES_CHANGED,
        EventKind.USER_DEACTIVATED,
        EventKind.TEAM_CHANGED,
        EventKind.TEAM_DEACTIVATED,
        EventKind.ROLE_CHANGED,
        EventKind.ROLE_DELETED,
        EventKind.APP_CHANGED,
        EventKind.APP_SUSPENDED,
        EventKind.APP_DELETED,
        EventKind.APP_SECRET_REVOKED,
        EventKind.SIGNED_OUT,
        EventKind.SESSION_REVOKED,
        EventKind.PASSWORD_CHANGED,
        EventKind.IDENTITY_LINKED,
        EventKind.PIPELINE_ACCESS_CHANGED,
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
