"""The info that every root field is given, and what its selection says is wanted around its subjects."""

from collections.abc import Iterable, Iterator

import strawberry
from strawberry.types.nodes import SelectedField, Selection

from domain.replay import Once
from resolvers.context import Context
from resolvers.scene import Wanted

Info = strawberry.Info[Context, None]

_PEOPLE = {
    "owner",
    "team",
    "enteredBy",
    "leftBy",
    "enteredByApp",
    "leftByApp",
    "cardProperties",
    "grants",
    "creator",
    "user",
    "grantedBy",
    "actorName",
    "actorUser",
    "madeBy",
    "sponsor",
}


def wanted(info: Info) -> Wanted:
    """What the fields below this root field ask for, by their names; asking for too much only costs a statement."""
    names = set(_names(below for field in info.selected_fields for below in field.selections))
    return Wanted(
        people=not names.isdisjoint(_PEOPLE),
        visits="visits" in names,
        access="access" in names,
        card="cardProperties" in names,
        own_properties="properties" in names,
        members="members" in names,
        custom_roles="customRoles" in names,
    )


def once(info: Info, input: object, key: str | None) -> Once:
    """The operation, its input and its idempotency key, as replays tell them apart (B29)."""
    return Once(info.field_name, repr(input), key)


def _names(selections: Iterable[Selection]) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, SelectedField):
            yield selection.name
        yield from _names(selection.selections)
