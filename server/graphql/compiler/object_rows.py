"""Loops over rows that arrive as objects: from the rows to the response, without building GraphQL objects."""

from typing import Any, NamedTuple

from graphql import GraphQLList, GraphQLObjectType, GraphQLOutputType, get_nullable_type

from schema.row_types import FieldSource, RowType
from server.graphql.compiler.plain_fields import attribute, row_type_of, type_check
from server.graphql.compiler.rendered_rows import NotRenderable, RenderedRows
from server.graphql.compiler.writer import Details, Writer, reject_streams


class _Loop(NamedTuple):
    """The source of a loop over rows: the lines before it, and those of its body."""

    before: list[str]
    lines: list[str]


class ObjectRows:
    """Writes functions that complete rows.

    `renderable` collects whether rendered rows suffice, for each selection of a type whose rows can be rendered.
    """

    def __init__(self, writer: Writer, renderable: set[bool]) -> None:
        self._writer = writer
        self._renderable = renderable

    def function(self, kind: GraphQLObjectType, row_type: RowType[Any], details: Details) -> str:
        """The name of a function that completes rows, given them and what they share, `a`."""
        loop = _Loop([], [])
        completed = self._row(kind, row_type, details, "a", loop)
        lines = [f"    {line}" for line in [*loop.lines, f"done.append({completed})"]]
        rendered = self._rendered(kind, row_type, details)
        return self._writer.function(
            "rows, a", [*rendered, *loop.before, "done = []", "for r in rows:", *lines, "return done"]
        )

    def _rendered(self, kind: GraphQLObjectType, row_type: RowType[Any], details: Details) -> list[str]:
        """The lines that complete rendered rows; none where the selection needs objects."""
        if row_type.text_index is None:
            return []
        try:
            lines = RenderedRows(self._writer, kind, row_type, details).lines()
        except NotRenderable:
            lines = []
        self._renderable.add(bool(lines))
        return lines

    def _row(self, kind: GraphQLObjectType, row_type: RowType[Any], details: Details, shared: str, loop: _Loop) -> str:
        """The expression that completes the object of the row `r`."""
        members = []
        for response_name, field, grouped in self._writer.selected(kind, details):
            if field is None:
                value = repr(kind.name)
            else:
                value = self._field(row_type.field_sources[attribute(field)], field.type, grouped, shared, loop)
            members.append(f"{response_name!r}: {value}")
        return f"{{{', '.join(members)}}}"

    def _field(self, source: FieldSource, type_: GraphQLOutputType, details: Details, shared: str, loop: _Loop) -> str:
        """The expression that completes one field of the row `r`."""
        nested = self._nested(source, type_, details, shared, loop)
        if nested is not None:
            return nested
        named, name = self._writer.named, self._writer.new_variable()
        if source.keyed:
            loop.before.append(f"{name}_known = {{}}")
            loop.lines.extend([f"key = r.{source.column}", f"try: {name} = {name}_known[key]", "except KeyError:"])
            loop.lines.append(f"    {name} = {named(source.read)}(r, {shared})")
            loop.lines.append(f"    {name} = {name}_known[key] = {self._writer.expression(type_, name, details)}")
            return name
        if not source.column:
            value = f"{named(source.read)}(r, {shared})"
        else:
            column = f"r.{source.column}"
            value = f"{named(source.convert)}({column})" if source.convert else column
        loop.lines.append(f"{name} = {value}")
        return self._writer.expression(type_, name, details)

    def _nested(
        self, source: FieldSource, type_: GraphQLOutputType, details: Details, shared: str, loop: _Loop
    ) -> str | None:
        """The expression that completes a field whose type has a row type as well; None for any other."""
        bare: Any = get_nullable_type(type_)
        if listed := isinstance(bare, GraphQLList):
            bare = get_nullable_type(bare.of_type)
        fits = listed is bool(source.list_rows) and isinstance(bare, GraphQLObjectType)
        if source.nested is None or not fits or row_type_of(bare) is not source.nested:
            return None
        reject_streams(details)
        type_check(bare, set())  # raises for a type that defines is_type_of
        if source.nested_shared:
            within = self._writer.new_variable()
            loop.before.append(f"{within} = {self._writer.named(source.nested_shared)}({shared})")
            shared = within
        if not listed:
            return self._row(bare, source.nested, details, shared, loop)
        return f"{self.function(bare, source.nested, details)}({self._writer.named(source.list_rows)}(r), {shared})"
