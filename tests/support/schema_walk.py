"""Walking the schema: the documents that select all there is, and the places where arguments hold texts and ids."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
)

from tests.support.client import Client, Json
from tests.support.contract import root_fields, schema
from tests.support.operations import operations

ITEM = "[]"

_REPEATING = ("TicketConnection", "nodes")


class Slot(NamedTuple):
    """A place in a root field's arguments that holds a scalar: its path, its scalar, and the @oneOf inputs around it.

    `alone` holds the lengths of those parts of the path below which only one member may stand.
    """

    field: str
    path: tuple[str, ...]
    scalar: str
    alone: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """The path as text."""
        return ".".join((self.field, *self.path))

    @property
    def last_name(self) -> str:
        """The last step of the path that is a name."""
        return [step for step in self.path if step != ITEM][-1]

    def put(self, arguments: Json, value: Any) -> Json:
        """The same arguments with this value in the place; lists keep their other items."""
        filled = self._put(arguments, 0, value)
        excluded = _excluded_by(self.field, self.path[0])
        return {name: each for name, each in filled.items() if name not in excluded}

    def take(self, arguments: Json) -> Any:
        """What stands in the place, the first item of a list; None where nothing does."""
        found: Any = arguments
        for step in self.path:
            if not found:
                return None
            found = found[0] if step == ITEM else found.get(step)
        return found

    def _put(self, within: Any, depth: int, value: Any) -> Any:
        if depth == len(self.path):
            return value
        step = self.path[depth]
        if step == ITEM:
            items = within or [None]
            return [self._put(items[0], depth + 1, value), *items[1:]]
        inner = self._put((within or {}).get(step), depth + 1, value)
        return {step: inner} if depth in self.alone else {**(within or {}), step: inner}


def slots(field: str) -> Iterator[Slot]:
    """Every place of a root field's arguments that holds a scalar or an enumeration."""
    for name, argument in root_fields()[field].args.items():
        yield from _slots(Slot(field, (name,), ""), argument.type)


def all_slots(*scalars: str) -> list[Slot]:
    """The places of all root fields that hold one of these scalars."""
    return [slot for field in root_fields() for slot in slots(field) if slot.scalar in scalars]


def _slots(at: Slot, kind: GraphQLInputType) -> Iterator[Slot]:
    nullable = get_nullable_type(kind)
    if isinstance(nullable, GraphQLList):
        yield from _slots(at._replace(path=(*at.path, ITEM)), nullable.of_type)
    elif isinstance(nullable, GraphQLInputObjectType):
        alone = at.alone | {len(at.path)} if is_one_of(nullable) else at.alone
        for name, member in nullable.fields.items():
            yield from _slots(at._replace(path=(*at.path, name), alone=alone), member.type)
    else:
        yield at._replace(scalar=get_named_type(nullable).name)


def is_one_of(kind: GraphQLInputObjectType) -> bool:
    """Whether exactly one member of an input may be given; Strawberry keeps that to itself."""
    definition = kind.extensions["strawberry-definition"]
    return bool(definition.is_one_of)


def document(field: str, arguments: Json) -> tuple[str, Json]:
    """A document that asks one root field for all it has, with the given arguments as variables; and the variables."""
    return asked(field, _everything_of(field), arguments)


def asked(field: str, selection: str, arguments: Json) -> tuple[str, Json]:
    """A document that asks one root field for a selection, with the given arguments as variables; and the variables."""
    whole = root_fields()[field]
    given = {name: argument for name, argument in whole.args.items() if name in arguments}
    mutations = schema().mutation_type
    operation = "mutation" if mutations and field in mutations.fields else "query"
    declared = ", ".join(f"${name}: {argument.type}" for name, argument in given.items())
    passed = ", ".join(f"{name}: ${name}" for name in given)
    text = f"{operation} {f'({declared})' if declared else ''} {{ {field}{f'({passed})' if passed else ''}"
    return f"{text} {selection} }}", arguments


def _excluded_by(field: str, argument: str) -> set[str]:
    """The arguments that may not stand beside this one, as members of an input that is @oneOf may not."""
    alternatives = getattr(operations()[field], "alternatives", ())
    if not any(argument in each for each in alternatives):
        return set()
    return {name for each in alternatives if argument not in each for name in each}


@cache
def _everything_of(field: str) -> str:
    return everything(get_named_type(root_fields()[field].type), (), getattr(operations()[field], "depth", 2))


async def ask(client: Client, field: str, arguments: Json) -> Json:
    """The whole answer of one root field that is asked for all it has."""
    return await client.answer(*document(field, arguments))


def told(answer: Json, *sent: str) -> str:
    """An answer as text in which what the client sent itself is left out, so that two of them can be compared."""
    text = json.dumps(answer, sort_keys=True)
    for each in filter(None, sent):  # in the place of nothing it would stand between all letters
        text = text.replace(json.dumps(each)[1:-1], "…")
    return text


def everything(kind: Any, around: tuple[str, ...], depth: int) -> str:
    """A selection of all fields down to a depth, save that no type is selected within itself."""
    if is_leaf_type(kind):
        return ""
    parts = ["__typename"]
    if is_abstract_type(kind):
        clashing = clashing_fields(kind)
        parts += [
            f"... on {each.name} {{ __typename {' '.join(_members(each, (*around, each.name), depth, clashing))} }}"
            for each in schema().get_possible_types(kind)
            if each.name not in around
        ]
    else:
        parts += list(_members(kind, (*around, kind.name), depth))
    return f"{{ {' '.join(parts)} }}"


def clashing_fields(kind: Any) -> frozenset[str]:
    """The fields that have another type in one possible type than in another: in one document they need aliases."""
    types: dict[str, set[str]] = {}
    for each in schema().get_possible_types(kind):
        for name, member in each.fields.items():
            types.setdefault(name, set()).add(str(member.type))
    return frozenset(name for name, found in types.items() if len(found) > 1)


def _members(
    kind: GraphQLObjectType | GraphQLInterfaceType,
    around: tuple[str, ...],
    depth: int,
    clashing: frozenset[str] = frozenset(),
) -> Iterator[str]:
    for name, member in kind.fields.items():
        inner = get_named_type(member.type)
        # `nodes` repeats what the edges hold.
        if is_leaf_type(inner) or (depth and inner.name not in around and (kind.name, name) != _REPEATING):
            alias = f"{name}Of{kind.name}: " if name in clashing else ""
            yield f"{alias}{name} {everything(inner, around, depth - 1)}".strip()
