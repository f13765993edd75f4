"""Selections that reach every field by which an answer could show a pipeline, a ticket or what hangs from them.

Unlike `walking.everything` they go as deep as it takes: through every type on the way, each once in a path.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from tests.support.client import Client, Json
from tests.support.contract import root_fields, schema
from tests.support.schema_walk import clashing_fields

# What a client may not come by unless it is seen. Texts count as well: every leaf is selected.
SECRET = {"Pipeline", "Stage", "Ticket", "Visit"}

Edge = tuple[str, str]


@cache
def reaches(kind: str) -> bool:
    """Whether something secret is, or hangs from, a type."""
    return any(name in SECRET for name in {kind, *_below(kind)})


@cache
def _below(kind: str) -> frozenset[str]:
    found: set[str] = set()
    ahead = [kind]
    while ahead:
        for _, inner in _fields(ahead.pop()):
            if inner.name not in found:
                found.add(inner.name)
                ahead.append(inner.name)
    return frozenset(found)


def _fields(name: str) -> list[tuple[str, GraphQLNamedType]]:
    """The fields of a type, or of every type that an interface can be, and what each leads to."""
    kind = schema().type_map[name]
    if isinstance(kind, GraphQLInterfaceType):
        return [("", each) for each in schema().get_possible_types(kind)]
    if not isinstance(kind, GraphQLObjectType):
        return []
    return [(field, get_named_type(each.type)) for field, each in kind.fields.items()]


def edges() -> set[Edge]:
    """Every field that a query can reach, or a mutation answers, and that leads to something secret."""
    query, mutation = schema().query_type, schema().mutation_type
    assert query
    assert mutation
    types = {query.name, mutation.name, *_below(query.name), *_below(mutation.name)}
    return {(kind, field) for kind in types for field, inner in _fields(kind) if field and reaches(inner.name)}


def selection(field: str, selected: set[Edge] | None = None) -> str:
    """What a root field's answer is asked for; the secret fields that it selects are added to `selected`."""
    kind = get_named_type(root_fields()[field].type)
    return "" if is_leaf_type(kind) else _all_of(kind, (), set() if selected is None else selected, set())


def _all_of(
    kind: Any, around: tuple[str, ...], selected: set[Edge], told: set[str], clashing: frozenset[str] = frozenset()
) -> str:
    parts = ["__typename"]
    if is_abstract_type(kind):
        clashing = clashing_fields(kind)
        parts += [
            f"... on {each.name} {_all_of(each, around, selected, told, clashing)}"
            for each in schema().get_possible_types(kind)
            if each.name not in around
        ]
    else:
        parts += list(_members(kind, (*around, kind.name), selected, told, clashing))
    return f"{{ {' '.join(parts)} }}"


def _members(
    kind: GraphQLObjectType, around: tuple[str, ...], selected: set[Edge], told: set[str], clashing: frozenset[str]
) -> Iterator[str]:
    first = kind.name not in told
    told.add(kind.name)
    for name, member in kind.fields.items():
        inner = get_named_type(member.type)
        if any(is_required_argument(each) for each in member.args.values()):
            raise NotImplementedError(f"{kind.name}.{name} has arguments: say here which")
        alias = f"{name}Of{kind.name}: " if name in clashing else ""
        if is_leaf_type(inner):
            yield f"{alias}{name}"
        elif reaches(inner.name) and inner.name not in around:
            selected.add((kind.name, name))
            yield f"{alias}{name} {_all_of(inner, around, selected, told)}"
        elif first and inner.name not in around:
            yield f"{alias}{name} {_all_of(inner, around, selected, told)}"


async def reveal(client: Client, field: str, arguments: Json) -> Json:
    """The whole answer of a root field that is asked for all that could be secret; a document that is not valid fails
    here, since it would tell nothing of anybody.
    """
    whole = root_fields()[field]
    given = {name: argument for name, argument in whole.args.items() if name in arguments}
    mutations = schema().mutation_type
    operation = "mutation" if mutations and field in mutations.fields else "query"
    declared = ", ".join(f"${name}: {argument.type}" for name, argument in given.items())
    passed = ", ".join(f"{name}: ${name}" for name in given)
    text = f"{operation} {f'({declared})' if declared else ''} {{ {field}{f'({passed})' if passed else ''}"
    answer = await client.answer(f"{text} {selection(field)} }}", arguments)
    assert all("path" in error for error in answer.get("errors", [])), answer["errors"]
    return answer


def root_edges(field: str) -> set[Edge]:
    """The edge that a root field itself is, where it leads to something secret."""
    whole, mutations = root_fields()[field], schema().mutation_type
    above = "Mutation" if mutations and field in mutations.fields else "Query"
    return {(above, field)} if reaches(get_named_type(whole.type).name) else set()
