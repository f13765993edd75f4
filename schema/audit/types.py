"""Events of the audit log and the state of its seals, as auditors see them."""

from datetime import datetime

import strawberry
from strawberry import ID

from domain.actor import ActorKind as Acting
from domain.audit import AuditEntry, AuditHead, AuditPlace
from domain.events.event import Event
from domain.events.kind_renames import kind_of
from resolvers.audit import AuditView, SealView
from resolvers.ports import Seal
from schema.accounts.types import User
from schema.audit.values import changes, object_id
from schema.enums import ActorKind, EventKind
from schema.ids import Kind, global_id
from schema.node import Node
from schema.paging import PageInfo, bound_to_audit, seal_moment


@strawberry.type(description="One value that an event changed.")
class AuditChange:
    """A name with what stood before and after; lists and the like are JSON."""

    name: str = strawberry.field(description="What was changed.")
    before: str | None = strawberry.field(
        description="What it was, things by their global ids; null when it was not there."
    )
    after: str | None = strawberry.field(description="What it is, things by their global ids; null when it is gone.")


@strawberry.type(description="Something that was done to the account's configuration or access, or was denied.")
class AuditEvent(Node):
    """One event of the log (B18)."""

    at: datetime = strawberry.field(description="When it happened.")
    kind: EventKind = strawberry.field(description="What happened.")
    actor_kind: ActorKind = strawberry.field(description="Through what somebody acted.")
    actor_id: ID | None = strawberry.field(description="The global id of the user or API app; null for others.")
    actor_name: str | None = strawberry.field(description="What the user or API app is called now.")
    actor_user: User | None = strawberry.field(description="Who acted, when it was a user.")
    address: str | None = strawberry.field(description="The network address that it came from, when it is known.")
    object_kind: str = strawberry.field(description="To what kind of thing it happened, such as pipeline or user.")
    object_id: ID | None = strawberry.field(
        description="The global id of the thing, which may be gone; null when its kind has none."
    )
    changes: list[AuditChange] = strawberry.field(description="What was changed, by name.")
    number: str | None = strawberry.field(
        description="Its number in the account's journal, as a decimal text; null until it has one."
    )
    sealed: bool = strawberry.field(description="Whether the chain of seals holds it.")

    @classmethod
    def of(cls, entry: AuditEntry, view: AuditView) -> "AuditEvent":
        """From an event of the log and the names around it."""
        event = entry.event
        found = view.users.get(event.actor_id) if event.actor_id else None
        return cls(
            id=ID(global_id(Kind.AUDIT_EVENT, event.id)),
            at=event.at,
            kind=kind_of(event.kind),
            actor_kind=ActorKind(event.actor_kind),
            actor_id=_actor_id(event),
            actor_name=view.name_of(entry),
            actor_user=User.of(found) if found else None,
            address=event.address,
            object_kind=event.object_kind,
            object_id=object_id(event.object_kind, event.object_id),
            changes=[AuditChange(name=name, before=before, after=after) for name, before, after in changes(event)],
            number=None if entry.number is None else str(entry.number),
            sealed=entry.sealed,
        )


@strawberry.type(description="An event of the audit log and its place in it.")
class AuditEventEdge:
    """Relay's edge."""

    cursor: str = strawberry.field(description="The place of the event; pass it as `after` to continue behind it.")
    node: AuditEvent = strawberry.field(description="The event.")


@strawberry.type(description="A page of the audit log, from the newest event on.")
class AuditEventConnection:
    """Relay's connection."""

    edges: list[AuditEventEdge] = strawberry.field(description="The events with their cursors.")
    nodes: list[AuditEvent] = strawberry.field(description="The events without cursors.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")

    @classmethod
    def of(cls, view: AuditView, seal: Seal, *, continued: bool) -> "AuditEventConnection":
        """From a page of the log."""
        bound = bound_to_audit(view.account_id)
        edges = [
            AuditEventEdge(
                cursor=seal_moment(seal, AuditPlace(entry.event.at, entry.event.id), bound),
                node=AuditEvent.of(entry, view),
            )
            for entry in view.page.items
        ]
        page = PageInfo(
            has_next_page=view.page.has_more,
            has_previous_page=continued,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return cls(edges=edges, nodes=[edge.node for edge in edges], page_info=page)


@strawberry.type(description="A digest of the chain of seals, signed with a key that is kept outside the database.")
class AuditSignedHead:
    """Keep it elsewhere: it proves later that nothing up to its number was changed or taken away."""

    number: str = strawberry.field(description="The last number of the journal that it covers, as a decimal text.")
    digest: str = strawberry.field(description="The digest of the chain there, in hexadecimal digits.")
    key_id: str = strawberry.field(description="The name of the key: the first digits of a hash of its public half.")
    signature: str = strawberry.field(description="The Ed25519 signature, in hexadecimal digits.")
    signed_at: datetime = strawberry.field(description="When it was signed.")

    @classmethod
    def of(cls, head: AuditHead) -> "AuditSignedHead":
        """From a signed head."""
        return cls(
            number=str(head.number),
            digest=head.digest.hex(),
            key_id=head.key_id,
            signature=head.signature.hex(),
            signed_at=head.signed_at,
        )


@strawberry.type(description="How far the events of the account are sealed.")
class AuditSealState:
    """What the chain has come to."""

    last_number: str | None = strawberry.field(
        description="The last number that is sealed, as a decimal text; null before the first."
    )
    digest: str | None = strawberry.field(description="The digest of the chain there, in hexadecimal digits.")
    sealed_at: datetime | None = strawberry.field(description="When it was sealed.")
    head: AuditSignedHead | None = strawberry.field(description="The newest signed head.")
    public_key: str = strawberry.field(
        description="The Ed25519 key that heads are verified with, in hexadecimal digits."
    )
    waiting: int = strawberry.field(description="How many events wait to be sealed.")

    @classmethod
    def of(cls, view: SealView) -> "AuditSealState":
        """From what a resolver found."""
        seal, head, waiting = view.state
        return cls(
            last_number=str(seal.last_number) if seal else None,
            digest=seal.digest.hex() if seal else None,
            sealed_at=seal.sealed_at if seal else None,
            head=AuditSignedHead.of(head) if head else None,
            public_key=view.public_key.hex(),
            waiting=waiting,
        )


def _actor_id(event: Event) -> ID | None:
    if event.actor_id is None:
        return None
    return ID(global_id(Kind.APP if event.actor_kind == Acting.APP.value else Kind.USER, event.actor_id))


def shape_event(view: AuditView | None) -> AuditEvent | None:
    """The one event of a view, if there is one."""
    return AuditEvent.of(view.page.items[0], view) if view else None
