"""Loops over rows that the database has rendered: their JSON texts are concatenated and sent as they are.

The selection decides, before the query runs, whether rows arrive as JSON fragments (`CompilingExecutor`). Rows that
arrive as objects are completed field by field. See `schema/row_types.py` for how a field maps to a column.
"""

from typing import Any, Protocol, TypeAlias

import orjson
from graphql import GraphQLField, GraphQLList, GraphQLObjectType, GraphQLOutputType, get_nullable_type
from graphql.execution.collect_fields import FieldDetails

from schema.row_types import FieldSource, RowType
from server.graphql.compiler.plain_fields import attribute, row_type_of
from server.graphql.response import encode

Details: TypeAlias = list[FieldDetails]


class NotRendered(Exception):  # noqa: N818 (it is a sentence about a selection)
    """The selection holds something that is not to be had from rows that the database has rendered."""


class Writer(Protocol):
    """What writes functions for selections (server/graphql/compiler/selection.py)."""

    def named(self, value: object) -> str:
        """A name for a value."""

    def new_variable(self) -> str:
        """A name that nothing else in the text has."""

    def selected(self, kind: GraphQLObjectType, details: Details) -> list[tuple[str, GraphQLField | None, Details]]:
        """The fields that are asked for, by the names they have in the response; no field stands for __typename."""

    def expression(self, kind: GraphQLOutputType, name: str, details: Details) -> str:
        """What completes the variable of that name."""


def text_of(value: Any) -> str:
    """What is completed as text of JSON."""
    return encode(value).decode()


class RenderedRows:
    """Writes the loop for one selection of rows."""

    def __init__(self, writer: Writer, kind: GraphQLObjectType, row_type: RowType[Any], details: Details) -> None:
        """NotRendered where the selection cannot be had so."""
        self._writer, self._text_index = writer, row_type.text_index or {}
        self._text_of = writer.named(text_of)
        self._before: list[str] = []
        self._each: list[str] = []
        self._text = self._object(kind, row_type, details, "a")

    def lines(self) -> list[str]:
        """The lines of a function of `rows` and what they share, `a`, that return if the rows are rendered."""
        fragment = self._writer.named(orjson.Fragment)
        within = [
            *self._before,
            "done = []",
            "for c in zip(*rows.texts):",
            *(f"    {line}" for line in [*self._each, f"done.append(f'{self._text}'.encode())"]),
            f"return {fragment}(b'[' + b','.join(done) + b']')",
        ]
        return ["if hasattr(rows, 'texts'):", *(f"    {line}" for line in within)]

    def _object(self, kind: GraphQLObjectType, row_type: RowType[Any], details: Details, shared: str) -> str:
        """What stands between the quotes of an f-string. GraphQL names and JSON's signs need no escape in it."""
        members = []
        for name, field, grouped in self._writer.selected(kind, details):
            value = f'"{kind.name}"'
            if field is not None:
                value = self._value(row_type.field_sources[attribute(field)], field.type, grouped, shared)
            members.append(f'"{name}":{value}')
        return f"{{{{{','.join(members)}}}}}"

    def _value(self, source: FieldSource, type_: GraphQLOutputType, details: Details, shared: str) -> str:
        """What stands for one field."""
        bare: Any = get_nullable_type(type_)
        if source.needs_full_row or source.list_rows or isinstance(bare, GraphQLList):
            raise NotRendered
        if source.nested and isinstance(bare, GraphQLObjectType) and row_type_of(bare) is source.nested:
            within = self._writer.new_variable()
            self._before.append(f"{within} = {self._writer.named(source.nested_shared)}({shared})")
            return self._object(bare, source.nested, details, within)
        index = self._text_index.get(source.column or "")
        if source.rendered:
            return f"{{c[{index}]}}"
        if source.render_row:
            return f"{{{self._writer.named(source.render_row)}(c, {shared})}}"
        if source.render and index is not None:
            return f"{{{self._writer.named(source.render)}(c[{index}])}}"
        variable = self._writer.new_variable()
        lines = [f"{variable} = {self._writer.named(source.read)}(rows.read(c), {shared})"]
        lines.append(f"{variable} = {self._text_of}({self._writer.expression(type_, variable, details)})")
        if source.keyed and index is not None:
            known = f"{variable}_known"
            # One cache for this field of this function. It holds the shared object, whose id could otherwise be that of
            # another one by the time the rows are completed again.
            field = self._writer.named(object())
            kept = f"rows.known.setdefault(({field}, id({shared})), ({shared}, {{}}))"
            self._before.append(f"_, {known} = {kept}")
            lines = [f"    {line}" for line in [*lines, f"{known}[key] = {variable}"]]
            lines = [f"key = c[{index}]", f"try: {variable} = {known}[key]", "except KeyError:", *lines]
        self._each += lines
        return f"{{{variable}}}"
