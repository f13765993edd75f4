"""The `info` argument of root fields, and the related data that their selections include."""

from collections.abc import Iterable, Iterator
from weakref import finalize

import strawberry
from strawberry.types.nodes import SelectedField, Selection

from resolvers.context import Context
from resolvers.related import Includes

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
    "createdBy",
    "user",
    "grantedBy",
    "actorName",
    "actorUser",
}


_WIDE = {"content", "properties", "cardProperties"}


_MOST_PLACES = 256  # of one operation: its root fields, with every outcome of @skip and @include seen so far
# What root fields of an operation want, for as long as it is kept parsed; by the nodes that ask for them, since @skip
# and @include decide which these are.
_KNOWN: dict[int, dict[tuple[int | bool, ...], Includes]] = {}


def includes_of(info: Info) -> Includes:
    """What the fields below this root field ask for, by their names; asking for too much only costs a statement."""
    operation = info.operation
    nodes = info._raw_info.field_nodes  # noqa: SLF001 (Strawberry has no public name for them)
    rendered = info.path.key in info.context.renderable
    place = (rendered, *map(id, nodes))
    known = _KNOWN.get(id(operation))
    if known is None:
        known = _KNOWN[id(operation)] = {}
        finalize(operation, _KNOWN.pop, id(operation), None)
    if place not in known:
        if len(known) >= _MOST_PLACES:
            known.clear()
        known[place] = _read(info, rendered=rendered)
    return known[place]


def _read(info: Info, *, rendered: bool) -> Includes:
    names = set(_names(below for field in info.selected_fields for below in field.selections))
    return Includes(
        people=not names.isdisjoint(_PEOPLE),
        visits="visits" in names,
        access="access" in names,
        card="cardProperties" in names,
        own_properties="properties" in names,
        members="members" in names,
        custom_roles="customRoles" in names,
        wide=not names.isdisjoint(_WIDE),
        rendered=rendered,
    )


def _names(selections: Iterable[Selection]) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, SelectedField):
            yield selection.name
        yield from _names(selection.selections)
