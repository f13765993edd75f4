"""From a selection of plain fields to one function that completes it: the part of execution that is worth compiling.

A field is plain when its value is an attribute of what its parent is: no resolver, argument, permission, extension or
abstract type. A subtree of nothing else is written down as Python, once for each operation, and the function turns what
a resolver returned into what the client is sent, without a step of the executor for every field.

The function only ever does what is straightforward. At any other value it raises, and the executor completes the
subtree as it always does, so errors, their paths and the nulls they leave are graphql-core's own. That is safe since
reading attributes changes nothing.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import CoroutineType, GeneratorType
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    Undefined,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetails
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE
from strawberry.types.field import StrawberryField

Details = list[FieldDetails]
Collect = Callable[[GraphQLObjectType, Details], CollectedFields]
Complete = Callable[[Any], Any]

_DEFINITION = "strawberry-definition"
_TEXTS = {"String", "ID"}
_ARRAYS = (list, tuple)
_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class NotPlain(Exception):  # noqa: N818 (it is a sentence about a selection)
    """The selection holds something that the executor has to do itself."""


class NotStraightforward(Exception):  # noqa: N818 (it is a sentence about a value)
    """A value that the executor has to complete itself, if only to say what is wrong with it."""


def compiled(return_type: GraphQLOutputType, details: Details, collect: Collect) -> Complete:
    """The function that completes a value of this type for the selections of these field nodes; raises NotPlain."""
    writer = _Writer(collect)
    body = writer.expression(return_type, "value", details)
    return writer.function("complete", "value", [f"return {body}"])


class _Writer:
    """Writes functions as text. Names in it are its own or GraphQL names, and all else is passed by name: nothing of a
    request becomes code.
    """

    def __init__(self, collect: Collect) -> None:
        self._collect = collect
        self._names: dict[str, Any] = {}

    def function(self, name: str, argument: str, lines: list[str]) -> Complete:
        text = f"def {name}({argument}):\n" + "".join(f"    {line}\n" for line in lines)
        exec(compile(text, "<selection>", "exec"), self._names)  # noqa: S102 (of our own text, see above)
        made: Complete = self._names[name]
        return made

    def expression(self, kind: GraphQLOutputType, name: str, details: Details) -> str:
        """What completes the variable of that name."""
        if isinstance(kind, GraphQLNonNull):
            return self._present(kind.of_type, name, details)
        return f"(None if {name} is None else {self._present(kind, name, details)})"

    def _present(self, kind: GraphQLOutputType, name: str, details: Details) -> str:
        """What completes the variable of that name, or raises where it holds nothing."""
        if isinstance(kind, GraphQLList):
            if any(each.name.value == "stream" for detail in details for each in detail.node.directives or ()):
                raise NotPlain("@stream")
            item = f"{name}_"
            items = f"{self._named(_array)}({name})"
            return f"[{self.expression(kind.of_type, item, details)} for {item} in {items}]"
        if isinstance(kind, GraphQLObjectType):
            return f"{self._object(kind, details)}({name})"
        if isinstance(kind, GraphQLLeafType):
            return self._leaf(kind, name)
        raise NotPlain(str(kind))

    def _leaf(self, kind: GraphQLLeafType, name: str) -> str:
        careful = f"{self._named(_leaf_of(kind))}({name})"
        if isinstance(kind, GraphQLEnumType):
            members = _members(kind)
            if members is None:
                return careful
            known = self._named(members)
            return f"({known}[{name}] if {name}.__class__ is {self._named(type(next(iter(members))))} else {careful})"
        if kind.name in _TEXTS:
            return f"({name} if {name}.__class__ is str else {careful})"
        if _leaves_moments(kind):
            return f"({name} if {name}.__class__ is {self._named(datetime)} else {careful})"
        if kind.name == "Boolean":
            return f"({name} if {name}.__class__ is bool else {careful})"
        if kind.name == "Int":
            return f"({name} if {name}.__class__ is int and -2147483648 <= {name} <= 2147483647 else {careful})"
        return careful

    def _object(self, kind: GraphQLObjectType, details: Details) -> str:
        """The name of a function that completes an object of that type."""
        collected = self._collect(kind, details)
        if collected.new_defer_usages:
            raise NotPlain("@defer")
        known: set[type] = set()
        lines = [f"if o.__class__ not in {self._named(known)}: {self._named(_recognise(kind, known))}(o)"]
        if kind.is_type_of:
            lines.append(f"if hasattr(o, {TYPE_CAST_ATTRIBUTE!r}): raise {self._named(NotStraightforward)}")
        members = []
        for place, (response_name, grouped) in enumerate(collected.grouped_field_set.items()):
            field_name = grouped[0].node.name.value
            if field_name == "__typename":
                members.append(f"{response_name!r}: {kind.name!r}")
                continue
            field = _plain_field(kind, field_name)
            lines.append(f"v{place} = o.{field.extensions[_DEFINITION].python_name}")
            members.append(f"{response_name!r}: {self.expression(field.type, f'v{place}', grouped)}")
        lines.append(f"return {{{', '.join(members)}}}")
        name = self._new_name()
        self.function(name, "o", lines)
        return name

    def _named(self, value: object) -> str:
        name = self._new_name()
        self._names[name] = value
        return name

    def _new_name(self) -> str:
        return f"k{len(self._names)}"


def _plain_field(kind: GraphQLObjectType, name: str) -> GraphQLField:
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


def _recognise(kind: GraphQLObjectType, known: set[type]) -> Callable[[Any], None]:
    """Takes the class of a value into `known` when all its values are of that type; raises NotStraightforward."""
    definition = kind.extensions.get(_DEFINITION)
    if kind.is_type_of and getattr(definition, "is_type_of", None) is not None:
        raise NotPlain(f"{kind.name} decides itself what is of it")

    def recognise(value: Any) -> None:
        if _awkward(value) or (kind.is_type_of and not kind.is_type_of(value, None)):  # type: ignore[arg-type]
            raise NotStraightforward
        known.add(value.__class__)

    return recognise


def _leaves_moments(kind: GraphQLLeafType) -> bool:
    """Whether a scalar gives moments as they are, for the encoder to write."""
    try:
        return kind.coerce_output_value(_MOMENT) is _MOMENT
    except Exception:  # noqa: BLE001 (it takes none)
        return False


def _leaf_of(kind: GraphQLLeafType) -> Complete:
    coerce = kind.coerce_output_value

    def complete(value: Any) -> Any:
        if _awkward(value):
            raise NotStraightforward
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise NotStraightforward
        return coerced

    return complete


def _members(kind: GraphQLEnumType) -> Mapping[Any, str] | None:
    """The names of an enumeration's members, where each has one; None for enumerations that are no Python ones."""
    members = getattr(kind, "wrapped_cls", None)
    if not members or any((member.value is None) for member in members):
        return None
    return {member: kind.coerce_output_value(member) for member in members}


def _array(value: Any) -> Any:
    if value.__class__ not in _ARRAYS:
        raise NotStraightforward
    return value


def _awkward(value: Any) -> bool:
    """Whether the executor would wait for the value, raise it, or take it for nothing."""
    awaited = isinstance(value, CoroutineType | GeneratorType) or hasattr(value, "__await__")
    return value is None or value is Undefined or awaited or isinstance(value, Exception)
