"""Loops over rows that the database has rendered: their JSON texts are concatenated and sent as they are.

The selection decides, before the query runs, whether rows arrive as JSON fragments (`CompilingExecutor`). Rows that
arrive as objects are completed field by field. See `schema/row_types.py` for how a field maps to a column.
"""

from typing import Any

import orjson
from graphql import GraphQLList, GraphQLObjectType, GraphQLOutputType, get_nullable_type

from schema.row_types import FieldSource, RowType
from server.graphql.compiler.plain_fields import attribute, row_type_of
from server.graphql.compiler.writer import Details, Writer
from server.graphql.response import encode


class NotRenderable(Exception):  # noqa: N818 (names a property of a selection)
    """The selection holds something that cannot be read from rendered rows."""


def text_of(value: Any) -> str:
    """A completed value as JSON text."""
    return encode(value).decode()


class RenderedRows:
    """Writes the loop over rendered rows for one selection."""

    def __init__(self, writer: Writer, kind: GraphQLObjectType, row_type: RowType[Any], details: Details) -> None:
        """Raises NotRenderable where the selection needs objects."""
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
        """The inside of an f-string for one object. GraphQL names and JSON punctuation need no escaping in it."""
        members = []
        for name, field, grouped in self._writer.selected(kind, details):
            value = f'"{kind.name}"'
            if field is not None:
                value = self._value(row_type.field_sources[attribute(field)], field.type, grouped, shared)
            members.append(f'"{name}":{value}')
        return f"{{{{{','.join(members)}}}}}"

    def _value(self, source: FieldSource, type_: GraphQLOutputType, details: Details, shared: str) -> str:
        """The inside of an f-string for one field."""
        bare: Any = get_nullable_type(type_)
        if source.needs_full_row or source.list_rows or isinstance(bare, GraphQLList):
            raise NotRenderable
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
