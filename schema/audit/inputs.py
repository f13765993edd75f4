"""What narrows the audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from domain.audit import AuditFilter
from schema.enums import EventKind
from schema.errors import BadInput
from schema.ids import NOBODY, Kind, read_id
from schema.scalars import read_moment

_ACTORS = {Kind.USER, Kind.APP}


@strawberry.input(description="Which events of the audit log to list; all that is given has to fit.")
class AuditEventFilter:
    """What is null does not narrow."""

    kinds: list[EventKind] | None = strawberry.field(
        default=None, description="Only events of these kinds; what happens to tickets is not in the audit log."
    )
    actor_id: ID | None = strawberry.field(default=None, description="Only what this user or API app did.")
    object_id: ID | None = strawberry.field(default=None, description="Only what happened to this thing.")
    pipeline_id: ID | None = strawberry.field(
        default=None, description="Only what happened in this pipeline, left it or reached it."
    )
    since: datetime | None = strawberry.field(default=None, description="Only events at this moment or after it.")
    until: datetime | None = strawberry.field(default=None, description="Only events before this moment.")


def narrowed(given: AuditEventFilter | None) -> AuditFilter:
    """The filter as plain values; an id of another kind is one that nothing has (settled choice 17)."""
    if given is None:
        return AuditFilter()
    return AuditFilter(
        kinds=None if given.kinds is None else frozenset(given.kinds),
        actor_id=None if given.actor_id is None else of_kinds(given.actor_id, _ACTORS),
        object_id=None if given.object_id is None else of_kinds(given.object_id, set(Kind)),
        pipeline_id=None if given.pipeline_id is None else of_kinds(given.pipeline_id, {Kind.PIPELINE}),
        since=given.since,
        until=given.until,
    )


def narrowed_by_texts(kinds: Sequence[str], others: Mapping[str, str | None]) -> AuditFilter:
    """The filter of an export, whose parameters are called as the members of the input are; BadInput."""
    return narrowed(
        AuditEventFilter(
            kinds=[_kind(text) for text in kinds] or None,
            actor_id=_id(others.get("actorId")),
            object_id=_id(others.get("objectId")),
            pipeline_id=_id(others.get("pipelineId")),
            since=_moment(others.get("since")),
            until=_moment(others.get("until")),
        )
    )


def _kind(text: str) -> EventKind:
    try:
        return EventKind(text)
    except ValueError:
        raise BadInput(f"{text[:50]!r} is no kind of event; they are listed in the schema as EventKind.") from None


def _id(text: str | None) -> ID | None:
    return None if text is None else ID(text)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else read_moment(text)


def of_kinds(text: str, kinds: set[Kind]) -> UUID:
    """The UUID of a thing that should be of one of these kinds."""
    kind, found = read_id(text)
    return found if kind in kinds else NOBODY
