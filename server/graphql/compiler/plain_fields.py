"""What is plain, so that completing it may be compiled: fields that are attributes, and values without surprises."""

from collections.abc import Callable
from types import CoroutineType, GeneratorType
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, Undefined
from strawberry.types.field import StrawberryField

from schema.row_types import RowType

_DEFINITION = "strawberry-definition"


class NotPlain(Exception):  # noqa: N818 (it is a sentence about a selection)
    """The selection holds something that the executor has to do itself."""


class NotStraightforward(Exception):  # noqa: N818 (it is a sentence about a value)
    """A value that the executor has to complete itself, if only to say what is wrong with it."""


def plain_field(kind: GraphQLObjectType, name: str) -> GraphQLField:
    """The field, if Strawberry would do nothing but read an attribute.

    `is_basic_field` alone is not enough, and `_is_default` says yes to a field with permissions: what counts is which
    resolver Strawberry has given it.
    """
    field: GraphQLField | None = kind.fields.get(name)
    definition = field.extensions.get(_DEFINITION) if field is not None else None
    if field is None or not isinstance(definition, StrawberryField) or field.args:
        raise NotPlain(name)
    basic = definition.is_basic_field and definition.default_resolver is getattr
    if not basic or getattr(field.resolve, "__name__", "") != "_get_basic_result":
        raise NotPlain(name)
    return field


def attribute(field: GraphQLField) -> str:
    """The attribute that a plain field is."""
    name: str = field.extensions[_DEFINITION].python_name
    return name


def row_type_of(kind: GraphQLObjectType) -> RowType[Any] | None:
    """The row type of a GraphQL type, or None. See `schema/row_types.py` for how a field maps to a column."""
    origin = getattr(kind.extensions.get(_DEFINITION), "origin", None)
    return vars(origin).get("row_type") if origin else None


def recognising(kind: GraphQLObjectType, known: set[type]) -> Callable[[Any], None]:
    """Takes the class of a value into `known` when all its values are of that type; raises NotStraightforward."""
    definition = kind.extensions.get(_DEFINITION)
    if kind.is_type_of and getattr(definition, "is_type_of", None) is not None:
        raise NotPlain(f"{kind.name} decides itself what is of it")

    def recognise(value: Any) -> None:
        if awkward(value) or (kind.is_type_of and not kind.is_type_of(value, None)):  # type: ignore[arg-type]
            raise NotStraightforward
        known.add(value.__class__)

    return recognise


def awkward(value: Any) -> bool:
    """Whether the executor would wait for the value, raise it, or take it for nothing."""
    awaited = isinstance(value, CoroutineType | GeneratorType) or hasattr(value, "__await__")
    return value is None or value is Undefined or awaited or isinstance(value, Exception)
