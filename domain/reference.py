"""How an input names a thing: by id, or by the internal name that integrations write in their configuration (S23)."""

from typing import NamedTuple
from uuid import UUID


class Ref(NamedTuple):
    """One of `id` and `internal_name` is set. An id that cannot be of this kind of thing is the nil UUID: never
    found.
    """

    id: UUID | None = None
    internal_name: str | None = None


class Place(NamedTuple):
    """Where a card goes in its stage: exactly one of top, bottom, before a card, after a card (B5)."""

    top: bool = False
    bottom: bool = False
    before: UUID | None = None
    after: UUID | None = None


TOP = Place(top=True)
BOTTOM = Place(bottom=True)
