"""Loops over rows that the database has rendered: texts of JSON are put together as they are, and go to the client so.

Whether rows may come so is known from the selection, before anything is read (`CompilingExecutor`); rows that did not
are completed one field at a time. See `schema/row_types.py` for how a field maps to a column.
"""

from typing import Any, Protocol, TypeAlias

import orjson
from graphql import GraphQLField, GraphQLList, GraphQLObjectType, GraphQLOutputType, get_nullable_type
from graphql.execution.collect_fields import FieldDetails

from server.graphql.compiler.plain_fields import attribute, made_of_rows
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

    def __init__(self, writer: Writer, kind: GraphQLObjectType, made: Any, details: Details) -> None:
        """NotRendered where the selection cannot be had so."""
        self._writer, self._places = writer, made.places_of_texts
        self._text_of = writer.named(text_of)
        self._before: list[str] = []
        self._each: list[str] = []
        self._text = self._object(kind, made, details, "a")

    def lines(self) -> list[str]:
        """Of a function of `rows` and what is around them, `a`, which ends here if they were rendered."""
        fragment = self._writer.named(orjson.Fragment)
        within = [
            *self._before,
            "done = []",
            "for c in zip(*rows.texts):",
            *(f"    {line}" for line in [*self._each, f"done.append(f'{self._text}'.encode())"]),
            f"return {fragment}(b'[' + b','.join(done) + b']')",
        ]
        return ["if hasattr(rows, 'texts'):", *(f"    {line}" for line in within)]

    def _object(self, kind: GraphQLObjectType, made: Any, details: Details, around: str) -> str:
        """What stands between the quotes of an f-string. GraphQL names and JSON's signs need no escape in it."""
        members = []
        for name, field, grouped in self._writer.selected(kind, details):
            value = f'"{kind.name}"'
            if field is not None:
                value = self._value(made.readings_of_rows[attribute(field)], field.type, grouped, around)
            members.append(f'"{name}":{value}')
        return f"{{{{{','.join(members)}}}}}"

    def _value(self, reading: Any, type_: GraphQLOutputType, details: Details, around: str) -> str:
        """What stands for one field."""
        bare: Any = get_nullable_type(type_)
        if reading.whole or reading.rows or isinstance(bare, GraphQLList):
            raise NotRendered
        if reading.make and isinstance(bare, GraphQLObjectType) and made_of_rows(bare) is reading.make:
            within = self._writer.new_variable()
            self._before.append(f"{within} = {self._writer.named(reading.around)}({around})")
            return self._object(bare, reading.make, details, within)
        place = self._places.get(reading.column)
        if reading.rendered:
            return f"{{c[{place}]}}"
        if reading.of_texts:
            return f"{{{self._writer.named(reading.of_texts)}(c, {around})}}"
        if reading.of_text and place is not None:
            return f"{{{self._writer.named(reading.of_text)}(c[{place}])}}"
        variable = self._writer.new_variable()
        lines = [f"{variable} = {self._writer.named(reading.read)}(rows.read(c), {around})"]
        lines.append(f"{variable} = {self._text_of}({self._writer.expression(type_, variable, details)})")
        if reading.by and place is not None:
            known = f"{variable}_known"
            # Of this field in this function, whoever else completes the rows. What is around is kept with it, so that
            # nothing else has its identity meanwhile.
            of_this = self._writer.named(object())
            kept = f"rows.known.setdefault(({of_this}, id({around})), ({around}, {{}}))"
            self._before.append(f"_, {known} = {kept}")
            lines = [f"    {line}" for line in [*lines, f"{known}[key] = {variable}"]]
            lines = [f"key = c[{place}]", f"try: {variable} = {known}[key]", "except KeyError:", *lines]
        self._each += lines
        return f"{{{variable}}}"
