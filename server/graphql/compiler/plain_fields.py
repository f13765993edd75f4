"""What the compiler takes: fields that are plain attributes, and values that need no special treatment."""

from collections.abc import Callable
from types import CoroutineType, GeneratorType
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, Undefined
from strawberry.types.field import StrawberryField

from schema.row_types import RowType

_DEFINITION = "strawberry-definition"


class NotCompilable(Exception):  # noqa: N818 (names a property of a selection)
    """The selection holds something that only the executor can complete."""


class Fallback(Exception):  # noqa: N818 (names what happens next)
    """The executor has to complete this value, if only to report what is wrong with it."""


def plain_field(kind: GraphQLObjectType, name: str) -> GraphQLField:
    """The field, if Strawberry resolves it by reading an attribute and nothing else; raises NotCompilable otherwise.

    `is_basic_field` alone is not enough, and `_is_default` is true for a field with permissions: what counts is the
    resolver that Strawberry has given it.
    """
    field: GraphQLField | None = kind.fields.get(name)
    definition = field.extensions.get(_DEFINITION) if field is not None else None
    if field is None or not isinstance(definition, StrawberryField) or field.args:
        raise NotCompilable(name)
    basic = definition.is_basic_field and definition.default_resolver is getattr
    if not basic or getattr(field.resolve, "__name__", "") != "_get_basic_result":
        raise NotCompilable(name)
    return field


def attribute(field: GraphQLField) -> str:
    """The attribute that a plain field reads."""
    name: str = field.extensions[_DEFINITION].python_name
    return name


def row_type_of(kind: GraphQLObjectType) -> RowType[Any] | None:
    """The row type of a GraphQL type, or None. See `schema/row_types.py` for how a field maps to a column."""
    origin = getattr(kind.extensions.get(_DEFINITION), "origin", None)
    return vars(origin).get("row_type") if origin else None


def type_check(kind: GraphQLObjectType, known: set[type]) -> Callable[[Any], None]:
    """A function that adds the class of a value of that type to `known`, and raises Fallback for other values."""
    definition = kind.extensions.get(_DEFINITION)
    if kind.is_type_of and getattr(definition, "is_type_of", None) is not None:
        raise NotCompilable(f"{kind.name} defines is_type_of")

    def check(value: Any) -> None:
        if needs_executor(value) or (kind.is_type_of and not kind.is_type_of(value, None)):  # type: ignore[arg-type]
            raise Fallback
        known.add(value.__class__)

    return check


def needs_executor(value: Any) -> bool:
    """Whether the value is null, an exception to raise, or something to await."""
    awaitable = isinstance(value, CoroutineType | GeneratorType) or hasattr(value, "__await__")
    return value is None or value is Undefined or awaitable or isinstance(value, Exception)
