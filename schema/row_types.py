"""Shapes that are read when they are asked for: a board has hundreds of cards, and a selection takes a few fields of
each. What nobody asks for is never made.

Each field has a `Reading`: how it comes from a row and what is around it. An object reads its fields that way one by
one; who knows the whole selection may read the rows by it and make no object at all (server/graphql/compiler).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar

Kind = TypeVar("Kind")
Make = Callable[[Any, Any], Kind]


@dataclass(frozen=True)
class Reading:
    """How one field is read; all but `read` says what is so simple about it.

    `column` is an attribute of the row: the field itself, or with `turn` what it is made of, or with `by` all that it
    depends on but for what is around. `make` makes the thing, or one of each of `rows`, from the row and from what
    `around` makes of what is around.

    Of rows that the database has rendered (decision 32), a column that is `rendered` comes as text of JSON. `of_text`
    makes text of JSON from that of the column, and `of_texts` from all of the row and what is around it. What is
    `whole` cannot be made of such rows.
    """

    read: Callable[[Any, Any], Any]
    column: str | None = None
    turn: Callable[[Any], Any] | None = None
    by: bool = False
    make: Make[Any] | None = None
    rows: Callable[[Any], Iterable[Any]] | None = None
    around: Callable[[Any], Any] | None = None
    rendered: bool = False
    of_text: Callable[[str], str] | None = None
    of_texts: Callable[[Sequence[str], Any], str] | None = None
    whole: bool = False


def column(name: str, *, rendered: bool = False) -> Reading:
    """A field that is in the row as it is shown."""
    get = attrgetter(name)
    return Reading(lambda row, _: get(row), column=name, rendered=rendered)


def turned(name: str, turn: Callable[[Any], Any], *, of_text: Callable[[str], str] | None = None) -> Reading:
    """A field made of one column alone."""
    get = attrgetter(name)
    return Reading(lambda row, _: turn(get(row)), column=name, turn=turn, of_text=of_text)


def computed(
    read: Callable[[Any, Any], Any],
    *,
    of_texts: Callable[[Sequence[str], Any], str] | None = None,
    whole: bool = False,
) -> Reading:
    """A field made of the row and what is around it."""
    return Reading(read, of_texts=of_texts, whole=whole)


def by(name: str, read: Callable[[Any, Any], Any], *, rendered: bool = False) -> Reading:
    """A field made of one column and what is around the row: rows that are alike in it have it in common."""
    get = attrgetter(name)
    return Reading(lambda row, around: read(get(row), around), column=name, by=True, rendered=rendered)


def same(make: Make[Any], around: Callable[[Any], Any]) -> Reading:
    """A field that shows the same row as another kind of thing."""
    return Reading(lambda row, here: make(row, around(here)), make=make, around=around)


def each(make: Make[Any], rows: Callable[[Any], Iterable[Any]], around: Callable[[Any], Any] | None = None) -> Reading:
    """A field that lists rows of the row, each as another kind of thing."""
    inner = around or (lambda here: here)

    def read(row: Any, here: Any) -> list[Any]:
        within = inner(here)
        return [make(each, within) for each in rows(row)]

    return Reading(read, make=make, rows=rows, around=around)


def lazy(kind: type[Kind], readings: Mapping[str, Reading], *, places: Mapping[str, int] | None = None) -> Make[Kind]:
    """What makes a `kind` from a row and what is around it, of which `readings` has one for each field; a kind has one
    such maker. `places` are where the columns are among the texts of its rows, if these may come rendered. TypeError
    where a field has no reading, or a rendered column no place.
    """
    wrong = {field.name for field in fields(kind)} ^ readings.keys()  # type: ignore[arg-type]  # each is a dataclass
    if wrong:
        raise TypeError(f"{kind.__name__} and its readings differ in {sorted(wrong)}")
    if lost := {reading.column for reading in readings.values() if reading.rendered} - (places or {}).keys():
        raise TypeError(f"{kind.__name__} has rendered columns that have no place: {lost}")
    members: dict[str, Any] = {name: _property(reading) for name, reading in readings.items()}
    made: Make[Kind] = type(
        kind.__name__, (kind,), {"__init__": _begin, "readings_of_rows": readings, "places_of_texts": places, **members}
    )
    kind.made_of_rows = made  # type: ignore[attr-defined]
    return made


def _property(reading: Reading) -> property:
    read = reading.read
    return property(lambda thing: read(thing.row, thing.around))


def _begin(self: Any, row: Any, around: Any) -> None:
    self.row, self.around = row, around
