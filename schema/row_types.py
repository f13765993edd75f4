"""GraphQL types backed directly by database rows. Fields are computed on access, so a query that selects three fields
of 300 cards never builds the rest.

A `FieldSource` describes how one field is read from a row and from what the rows share, such as the `Presenter`. An
object of a row type reads its fields one by one; the compiler (server/graphql/compiler) knows the whole selection,
reads the rows by the same sources and builds no objects.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Protocol, TypeVar, cast

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class RowType(Protocol[T_co]):
    """The class of objects that read their fields from a row; what the compiler has to know about it.

    `text_index` maps columns to their positions among the texts of a rendered row (decision 32); None where rows never
    arrive rendered.
    """

    field_sources: Mapping[str, "FieldSource"]
    text_index: Mapping[str, int] | None

    def __call__(self, row: Any, shared: Any) -> T_co:
        """An object that reads `row`, and what its rows share."""


@dataclass(frozen=True)
class FieldSource:
    """How one field is read: by `read`, or by a faster way that the other attributes describe.

    `column` names the row attribute the field is read from. With `convert` it is the argument of a conversion; with
    `keyed` it is the cache key: rows with the same value share the result. `nested` is the row type of the field's
    object, built from the same row or from each of `list_rows(row)`, sharing `nested_shared(shared)`.

    Rows may arrive rendered, as JSON texts (decision 32). A `rendered` column is sent as it is. `render` makes the
    field's JSON from the column's text, `render_row` from all texts of the row and what rows share. A field that
    `needs_full_row` cannot be read from a rendered row.
    """

    read: Callable[[Any, Any], Any]
    column: str | None = None
    convert: Callable[[Any], Any] | None = None
    keyed: bool = False
    nested: RowType[Any] | None = None
    list_rows: Callable[[Any], Iterable[Any]] | None = None
    nested_shared: Callable[[Any], Any] | None = None
    rendered: bool = False
    render: Callable[[str], str] | None = None
    render_row: Callable[[Sequence[str], Any], str] | None = None
    needs_full_row: bool = False


def column(name: str, *, rendered: bool = False) -> FieldSource:
    """A field that is an attribute of the row."""
    get = attrgetter(name)
    return FieldSource(lambda row, _: get(row), column=name, rendered=rendered)


def mapped(name: str, convert: Callable[[Any], Any], *, render: Callable[[str], str] | None = None) -> FieldSource:
    """A field converted from one column."""
    get = attrgetter(name)
    return FieldSource(lambda row, _: convert(get(row)), column=name, convert=convert, render=render)


def computed(
    read: Callable[[Any, Any], Any],
    *,
    render_row: Callable[[Sequence[str], Any], str] | None = None,
    needs_full_row: bool = False,
) -> FieldSource:
    """A field computed from the row and what rows share."""
    return FieldSource(read, render_row=render_row, needs_full_row=needs_full_row)


def keyed_by(name: str, read: Callable[[Any, Any], Any], *, rendered: bool = False) -> FieldSource:
    """A field computed from one column and what rows share; rows with the same value share the result."""
    get = attrgetter(name)
    return FieldSource(lambda row, shared: read(get(row), shared), column=name, keyed=True, rendered=rendered)


def nested(row_type: RowType[Any], *, shared: Callable[[Any], Any]) -> FieldSource:
    """A field whose object reads the same row, sharing `shared(…)` of what the rows of this type share."""
    return FieldSource(lambda row, outer: row_type(row, shared(outer)), nested=row_type, nested_shared=shared)


def nested_list(
    row_type: RowType[Any], rows: Callable[[Any], Iterable[Any]], *, shared: Callable[[Any], Any] | None = None
) -> FieldSource:
    """A field that lists objects, each of which reads one of `rows(row)`; see `nested`."""
    inner_of = shared or (lambda outer: outer)

    def read(row: Any, outer: Any) -> list[Any]:
        inner = inner_of(outer)
        return [row_type(each, inner) for each in rows(row)]

    return FieldSource(read, nested=row_type, list_rows=rows, nested_shared=shared)


def row_type(
    kind: type[T], sources: Mapping[str, FieldSource], *, text_index: Mapping[str, int] | None = None
) -> RowType[T]:
    """The row type of a Strawberry type, which has one source for each field; a type has at most one row type.

    TypeError where a field has no source, or a rendered column no position in `text_index`.
    """
    wrong = {field.name for field in fields(kind)} ^ sources.keys()  # type: ignore[arg-type]  # each is a dataclass
    if wrong:
        raise TypeError(f"{kind.__name__} and its field sources differ in {sorted(wrong)}")
    if missing := {source.column for source in sources.values() if source.rendered} - (text_index or {}).keys():
        raise TypeError(f"{kind.__name__} has rendered columns without a position: {missing}")
    members: dict[str, Any] = {name: _property(source) for name, source in sources.items()}
    members |= {"__init__": _init, "field_sources": sources, "text_index": text_index}
    made = cast("RowType[T]", type(kind.__name__, (kind,), members))
    kind.row_type = made  # type: ignore[attr-defined]
    return made


def _property(source: FieldSource) -> property:
    read = source.read
    return property(lambda obj: read(obj.row, obj.shared))


def _init(self: Any, row: Any, shared: Any) -> None:
    self.row, self.shared = row, shared
