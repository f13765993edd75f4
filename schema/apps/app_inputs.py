"""What inputs about API apps have in common: permissions, pipelines and lifetimes."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from strawberry import ID

from schema.ids import Kind, uuid_of

NAME = "The name of the app, at most 200 characters."
PERMISSIONS = (
    "The permissions of the app, at least one: each of pipeline:view, pipeline:create, pipeline:reorder, "
    "pipeline:edit, pipeline:delete, stage:add, property:edit, ticket:view, ticket:write and ticket:delete that the "
    "viewer has."
)
LIFETIME = "In how many days the new secret expires, from 1 to 730."


def pipelines_of(ids: Sequence[ID] | None) -> list[UUID] | None:
    """The pipelines of these global ids, if any are given."""
    return None if ids is None else [uuid_of(Kind.PIPELINE, each) for each in ids]


def span(*, days: int = 0, hours: int = 0) -> timedelta:
    """A duration for the domain, which declines what is out of bounds; clamped, since a timedelta overflows."""
    most = 1_000_000
    return timedelta(days=max(-1, min(days, most)), hours=max(-1, min(hours, most)))
