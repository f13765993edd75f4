"""Compiles a selection of plain fields to one function that completes it, the part of execution worth compiling.

A field is plain when its value is an attribute of its parent: no resolver, argument, permission, extension or abstract
type. A subtree of plain fields is written as Python source, once for each operation. The function turns what a resolver
returned into the response, without a step of the executor for every field.

A type may have a row type (schema/row_types.py). Then the function builds no objects: it goes from the rows to the
response (server/graphql/compiler/object_rows.py), and concatenates the texts of rows that the database has rendered
(server/graphql/compiler/rendered_rows.py).

The function completes regular values only. At any other value it raises, and the executor completes the subtree from
its start, so errors, their paths and the nulls they leave are graphql-core's own. That is safe because reading
attributes has no effects.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
)
from graphql.execution.collect_fields import CollectedFields
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from server.graphql.compiler.leaves import checked, checked_list, enum_names, passthrough_classes
from server.graphql.compiler.object_rows import ObjectRows
from server.graphql.compiler.plain_fields import (
    Fallback,
    NotCompilable,
    attribute,
    plain_field,
    row_type_of,
    type_check,
)
from server.graphql.compiler.writer import Details, Selected, reject_streams

Collect = Callable[[GraphQLObjectType, Details], CollectedFields]
Complete = Callable[[Any], Any]

_TEXTS = {"String", "ID"}


class CompiledSelection(NamedTuple):
    """`complete` completes a value; `renderable` is whether all of its rows may arrive rendered."""

    complete: Complete
    renderable: bool


def compile_selection(return_type: GraphQLOutputType, details: Details, collect: Collect) -> CompiledSelection:
    """Compile the selections of these field nodes on values of a type; raises NotCompilable."""
    writer = _SelectionWriter(collect)
    body = writer.expression(return_type, "value", details)
    complete = writer.define("complete", "value", [f"return {body}"])
    return CompiledSelection(complete, renderable=writer.renderable == {True})


class _SelectionWriter:
    """Writes functions as source. Names in the source are generated or GraphQL names, and all values are passed by
    name: nothing of a request becomes code.
    """

    def __init__(self, collect: Collect) -> None:
        self._collect = collect
        self._names: dict[str, Any] = {}
        self.renderable: set[bool] = set()  # see ObjectRows

    def define(self, name: str, parameters: str, lines: list[str]) -> Complete:
        """Define a function of that name."""
        text = f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in lines)
        exec(compile(text, "<selection>", "exec"), self._names)  # noqa: S102 (of our own source, see above)
        function: Complete = self._names[name]
        return function

    def function(self, parameters: str, lines: list[str]) -> str:
        """Define a function; returns its name."""
        name = self._new_name()
        self.define(name, parameters, lines)
        return name

    def expression(self, kind: GraphQLOutputType, name: str, details: Details) -> str:
        """The expression that completes the variable of that name."""
        if isinstance(kind, GraphQLNonNull):
            return self._non_null(kind.of_type, name, details)
        return f"(None if {name} is None else {self._non_null(kind, name, details)})"

    def _non_null(self, kind: GraphQLOutputType, name: str, details: Details) -> str:
        """The same for a variable that is not None; the expression raises where it is."""
        if isinstance(kind, GraphQLList):
            reject_streams(details)
            item = f"{name}_"
            items = f"{self.named(checked_list)}({name})"
            return f"[{self.expression(kind.of_type, item, details)} for {item} in {items}]"
        if isinstance(kind, GraphQLObjectType):
            return f"{self._object(kind, details)}({name})"
        if isinstance(kind, GraphQLLeafType):
            return self._leaf(kind, name)
        raise NotCompilable(str(kind))

    def _leaf(self, kind: GraphQLLeafType, name: str) -> str:
        slow = f"{self.named(checked(kind))}({name})"
        if isinstance(kind, GraphQLEnumType):
            names = enum_names(kind)
            if names is None:
                return slow
            enum = self.named(type(next(iter(names))))
            return f"({self.named(names)}[{name}] if {name}.__class__ is {enum} else {slow})"
        if kind.name in _TEXTS:
            return f"({name} if {name}.__class__ is str else {slow})"
        if classes := passthrough_classes(kind):
            return f"({name} if {name}.__class__ in {self.named(classes)} else {slow})"
        if kind.name == "Boolean":
            return f"({name} if {name}.__class__ is bool else {slow})"
        if kind.name == "Int":
            return f"({name} if {name}.__class__ is int and -2147483648 <= {name} <= 2147483647 else {slow})"
        return slow

    def _object(self, kind: GraphQLObjectType, details: Details) -> str:
        """The name of a function that completes an object of that type."""
        if row_type := row_type_of(kind):
            type_check(kind, set())  # raises for a type that defines is_type_of
            rows = ObjectRows(self, self.renderable).function(kind, row_type, details)
            test = f"o.__class__ is not {self.named(row_type)} or hasattr(o, {TYPE_CAST_ATTRIBUTE!r})"
            return self.function(
                "o", [f"if {test}: raise {self.named(Fallback)}", f"return {rows}((o.row,), o.shared)[0]"]
            )
        known: set[type] = set()
        lines = [f"if o.__class__ not in {self.named(known)}: {self.named(type_check(kind, known))}(o)"]
        if kind.is_type_of:
            lines.append(f"if hasattr(o, {TYPE_CAST_ATTRIBUTE!r}): raise {self.named(Fallback)}")
        members = []
        for number, (response_name, field, grouped) in enumerate(self.selected(kind, details)):
            if field is None:
                members.append(f"{response_name!r}: {kind.name!r}")
                continue
            lines.append(f"v{number} = o.{attribute(field)}")
            members.append(f"{response_name!r}: {self.expression(field.type, f'v{number}', grouped)}")
        return self.function("o", [*lines, f"return {{{', '.join(members)}}}"])

    def selected(self, kind: GraphQLObjectType, details: Details) -> Selected:
        """The selected fields by their response names; None in place of the field for __typename."""
        collected = self._collect(kind, details)
        if collected.new_defer_usages:
            raise NotCompilable("@defer")
        selected: Selected = []
        for response_name, grouped in collected.grouped_field_set.items():
            name = grouped[0].node.name.value
            selected.append((response_name, None if name == "__typename" else plain_field(kind, name), grouped))
        return selected

    def named(self, value: Any) -> str:
        """A name by which the source refers to a value."""
        name = self._new_name()
        self._names[name] = value
        return name

    def new_variable(self) -> str:
        """An unused name; reserved, so that no value gets it."""
        return self.named(None)

    def _new_name(self) -> str:
        return f"k{len(self._names)}"
