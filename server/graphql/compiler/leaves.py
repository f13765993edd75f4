"""Completion of leaves and lists: the part that depends on the type and not on the selection."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, Undefined

from server.graphql.compiler.plain_fields import Fallback, needs_executor

_TIME, _TEXT = datetime(2000, 1, 1, tzinfo=UTC), "2000-01-01T00:00:00+00:00"
_LISTS = (list, tuple)


def passthrough_classes(kind: GraphQLLeafType) -> set[type]:
    """The classes whose values a timestamp scalar returns unchanged, for the encoder to write; none for other scalars.

    One datetime and one text are tried: a scalar that returns one unchanged returns all of them unchanged.
    """
    try:
        if kind.coerce_output_value(_TIME) is not _TIME:
            return set()
        return {datetime, str} if kind.coerce_output_value(_TEXT) is _TEXT else {datetime}
    except Exception:  # noqa: BLE001 (the scalar takes no datetime)
        return set()


def checked(kind: GraphQLLeafType) -> Callable[[Any], Any]:
    """A function that completes any valid value of a leaf type, and raises Fallback for the others."""
    coerce = kind.coerce_output_value

    def complete(value: Any) -> Any:
        if needs_executor(value):
            raise Fallback
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise Fallback
        return coerced

    return complete


def enum_names(kind: GraphQLEnumType) -> Mapping[Any, str] | None:
    """The GraphQL names of a Python enum's members; None for an enum type that is not backed by a Python enum."""
    members = getattr(kind, "wrapped_cls", None)
    if not members or any((member.value is None) for member in members):
        return None
    return {member: kind.coerce_output_value(member) for member in members}


def checked_list(value: Any) -> Any:
    """The value, if it is a list or a tuple; raises Fallback for any other."""
    if value.__class__ not in _LISTS:
        raise Fallback
    return value
