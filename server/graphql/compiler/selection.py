"""From a selection of plain fields to one function that completes it: the part of execution that is worth compiling.

A field is plain when its value is an attribute of what its parent is: no resolver, argument, permission, extension or
abstract type. A subtree of nothing else is written down as Python, once for each operation, and the function turns what
a resolver returned into what the client is sent, without a step of the executor for every field.

A type may have a row type (schema/row_types.py). Then the function builds no objects: it goes from the rows to the
response, field by field of the selection. Texts of rows that the database has rendered are concatenated
(server/graphql/compiler/rendered_rows.py).

The function only ever does what is straightforward. At any other value it raises, and the executor completes the
subtree as it always does, so errors, their paths and the nulls they leave are graphql-core's own. That is safe since
reading attributes changes nothing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    get_nullable_type,
)
from graphql.execution.collect_fields import CollectedFields
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from schema.row_types import FieldSource, RowType
from server.graphql.compiler.leaves import array, carefully, left_alone, members_of
from server.graphql.compiler.plain_fields import (
    NotPlain,
    NotStraightforward,
    attribute,
    plain_field,
    recognising,
    row_type_of,
)
from server.graphql.compiler.rendered_rows import Details, NotRendered, RenderedRows

Collect = Callable[[GraphQLObjectType, Details], CollectedFields]
Complete = Callable[[Any], Any]
Selected = list[tuple[str, GraphQLField | None, Details]]

_TEXTS = {"String", "ID"}


class Compiled(NamedTuple):
    """`complete` completes a value; `renderable` is whether its rows may come rendered, all of them."""

    complete: Complete
    renderable: bool


def compiled(return_type: GraphQLOutputType, details: Details, collect: Collect) -> Compiled:
    """What completes a value of this type for the selections of these field nodes; raises NotPlain."""
    writer = _Writer(collect)
    body = writer.expression(return_type, "value", details)
    complete = writer.function("complete", "value", [f"return {body}"])
    return Compiled(complete, renderable=writer.renderable == {True})


class _Writer:
    """Writes functions as text. Names in it are its own or GraphQL names, and all else is passed by name: nothing of a
    request becomes code.
    """

    def __init__(self, collect: Collect) -> None:
        self._collect = collect
        self._names: dict[str, Any] = {}
        self.renderable: set[bool] = set()  # of rows of each kind that may be rendered at all, whether these may

    def function(self, name: str, arguments: str, lines: list[str]) -> Complete:
        text = f"def {name}({arguments}):\n" + "".join(f"    {line}\n" for line in lines)
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
            _refuse_streams(details)
            item = f"{name}_"
            items = f"{self.named(array)}({name})"
            return f"[{self.expression(kind.of_type, item, details)} for {item} in {items}]"
        if isinstance(kind, GraphQLObjectType):
            return f"{self._object(kind, details)}({name})"
        if isinstance(kind, GraphQLLeafType):
            return self._leaf(kind, name)
        raise NotPlain(str(kind))

    def _leaf(self, kind: GraphQLLeafType, name: str) -> str:
        careful = f"{self.named(carefully(kind))}({name})"
        if isinstance(kind, GraphQLEnumType):
            members = members_of(kind)
            if members is None:
                return careful
            known = self.named(members)
            return f"({known}[{name}] if {name}.__class__ is {self.named(type(next(iter(members))))} else {careful})"
        if kind.name in _TEXTS:
            return f"({name} if {name}.__class__ is str else {careful})"
        if left := left_alone(kind):
            return f"({name} if {name}.__class__ in {self.named(left)} else {careful})"
        if kind.name == "Boolean":
            return f"({name} if {name}.__class__ is bool else {careful})"
        if kind.name == "Int":
            return f"({name} if {name}.__class__ is int and -2147483648 <= {name} <= 2147483647 else {careful})"
        return careful

    def _object(self, kind: GraphQLObjectType, details: Details) -> str:
        """The name of a function that completes an object of that type."""
        if row_type := row_type_of(kind):
            recognising(kind, set())  # declines types that have a say in what is of them
            of_rows, strange = self._rows(kind, row_type, details), self.named(NotStraightforward)
            test = f"o.__class__ is not {self.named(row_type)} or hasattr(o, {TYPE_CAST_ATTRIBUTE!r})"
            return self._made("o", [f"if {test}: raise {strange}", f"return {of_rows}((o.row,), o.shared)[0]"])
        known: set[type] = set()
        lines = [f"if o.__class__ not in {self.named(known)}: {self.named(recognising(kind, known))}(o)"]
        if kind.is_type_of:
            lines.append(f"if hasattr(o, {TYPE_CAST_ATTRIBUTE!r}): raise {self.named(NotStraightforward)}")
        members = []
        for place, (response_name, field, grouped) in enumerate(self.selected(kind, details)):
            if field is None:
                members.append(f"{response_name!r}: {kind.name!r}")
                continue
            lines.append(f"v{place} = o.{attribute(field)}")
            members.append(f"{response_name!r}: {self.expression(field.type, f'v{place}', grouped)}")
        return self._made("o", [*lines, f"return {{{', '.join(members)}}}"])

    def _rows(self, kind: GraphQLObjectType, row_type: RowType[Any], details: Details) -> str:
        """The name of a function that completes the objects of rows and of what they share, `a`."""
        loop = _Loop([], [])
        completed = self._row(kind, row_type, details, "a", loop)
        lines = [f"    {line}" for line in [*loop.lines, f"done.append({completed})"]]
        rendered = self._rendered(kind, row_type, details)
        return self._made("rows, a", [*rendered, *loop.before, "done = []", "for r in rows:", *lines, "return done"])

    def _rendered(self, kind: GraphQLObjectType, row_type: RowType[Any], details: Details) -> list[str]:
        """What the function does with rendered rows; no lines where the selection needs objects."""
        if row_type.text_index is None:
            return []
        try:
            lines = RenderedRows(self, kind, row_type, details).lines()
        except NotRendered:
            lines = []
        self.renderable.add(bool(lines))
        return lines

    def _row(
        self, kind: GraphQLObjectType, row_type: RowType[Any], details: Details, shared: str, loop: "_Loop"
    ) -> str:
        """The expression that completes the object of the row `r`."""
        members = []
        for response_name, field, grouped in self.selected(kind, details):
            if field is None:
                value = repr(kind.name)
            else:
                value = self._field(row_type.field_sources[attribute(field)], field.type, grouped, shared, loop)
            members.append(f"{response_name!r}: {value}")
        return f"{{{', '.join(members)}}}"

    def _field(
        self, source: FieldSource, type_: GraphQLOutputType, details: Details, shared: str, loop: "_Loop"
    ) -> str:
        """The expression that completes one field of the row `r`."""
        nested = self._nested(source, type_, details, shared, loop)
        if nested is not None:
            return nested
        name = self.new_variable()
        if source.keyed:
            loop.before.append(f"{name}_known = {{}}")
            loop.lines.extend([f"key = r.{source.column}", f"try: {name} = {name}_known[key]", "except KeyError:"])
            loop.lines.append(f"    {name} = {self.named(source.read)}(r, {shared})")
            loop.lines.append(f"    {name} = {name}_known[key] = {self.expression(type_, name, details)}")
            return name
        if not source.column:
            value = f"{self.named(source.read)}(r, {shared})"
        else:
            column = f"r.{source.column}"
            value = f"{self.named(source.convert)}({column})" if source.convert else column
        loop.lines.append(f"{name} = {value}")
        return self.expression(type_, name, details)

    def _nested(
        self, source: FieldSource, type_: GraphQLOutputType, details: Details, shared: str, loop: "_Loop"
    ) -> str | None:
        """The expression that completes a field whose type has a row type as well; None for any other."""
        bare: Any = get_nullable_type(type_)
        if listed := isinstance(bare, GraphQLList):
            bare = get_nullable_type(bare.of_type)
        fits = listed is bool(source.list_rows) and isinstance(bare, GraphQLObjectType)
        if source.nested is None or not fits or row_type_of(bare) is not source.nested:
            return None
        _refuse_streams(details)
        recognising(bare, set())
        if source.nested_shared:
            within = self.new_variable()
            loop.before.append(f"{within} = {self.named(source.nested_shared)}({shared})")
            shared = within
        if not listed:
            return self._row(bare, source.nested, details, shared, loop)
        return f"{self._rows(bare, source.nested, details)}({self.named(source.list_rows)}(r), {shared})"

    def selected(self, kind: GraphQLObjectType, details: Details) -> Selected:
        """The fields that are asked for, by the names they have in the response; no field stands for __typename."""
        collected = self._collect(kind, details)
        if collected.new_defer_usages:
            raise NotPlain("@defer")
        selected: Selected = []
        for response_name, grouped in collected.grouped_field_set.items():
            name = grouped[0].node.name.value
            selected.append((response_name, None if name == "__typename" else plain_field(kind, name), grouped))
        return selected

    def _made(self, arguments: str, lines: list[str]) -> str:
        name = self._new_name()
        self.function(name, arguments, lines)
        return name

    def named(self, value: object) -> str:
        name = self._new_name()
        self._names[name] = value
        return name

    def new_variable(self) -> str:
        return self.named(None)  # so that no other is called like it

    def _new_name(self) -> str:
        return f"k{len(self._names)}"


class _Loop(NamedTuple):
    """What is written of a loop over rows: what is done once before it, and what for each."""

    before: list[str]
    lines: list[str]


def _refuse_streams(details: Details) -> None:
    if any(each.name.value == "stream" for detail in details for each in detail.node.directives or ()):
        raise NotPlain("@stream")
