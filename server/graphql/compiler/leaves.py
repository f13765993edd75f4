"""What a leaf, or a list, is sent as: the part of completion that is the same for every value of a type."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, Undefined

from server.graphql.compiler.plain_fields import NotStraightforward, awkward

_MOMENT, _TEXT = datetime(2000, 1, 1, tzinfo=UTC), "2000-01-01T00:00:00+00:00"
_ARRAYS = (list, tuple)


def left_alone(kind: GraphQLLeafType) -> set[type]:
    """Of which classes a scalar of moments leaves values as they are, for the encoder to write.

    One moment and one text are tried: a scalar that leaves one as it is leaves all of them.
    """
    try:
        if kind.coerce_output_value(_MOMENT) is not _MOMENT:
            return set()
        return {datetime, str} if kind.coerce_output_value(_TEXT) is _TEXT else {datetime}
    except Exception:  # noqa: BLE001 (it takes none)
        return set()


def carefully(kind: GraphQLLeafType) -> Callable[[Any], Any]:
    """Completes any value that is straightforward, and raises for the others."""
    coerce = kind.coerce_output_value

    def complete(value: Any) -> Any:
        if awkward(value):
            raise NotStraightforward
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise NotStraightforward
        return coerced

    return complete


def members_of(kind: GraphQLEnumType) -> Mapping[Any, str] | None:
    """The names of an enumeration's members, where each has one; None for enumerations that are no Python ones."""
    members = getattr(kind, "wrapped_cls", None)
    if not members or any((member.value is None) for member in members):
        return None
    return {member: kind.coerce_output_value(member) for member in members}


def array(value: Any) -> Any:
    """A value that is a list already."""
    if value.__class__ not in _ARRAYS:
        raise NotStraightforward
    return value
