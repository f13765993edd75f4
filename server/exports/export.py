"""What an export is, and how its rows are written."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import NamedTuple

from starlette.datastructures import QueryParams

from resolvers.context import Context
from schema.errors import BadInput

Row = Sequence[str | None]
Pages = AsyncIterator[Iterable[Row]]

_MOST_PARAMETERS = 100
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")  # what spreadsheets take for the beginning of one


class Export(NamedTuple):
    """A list that can be exported: its name, its columns, the parameters it takes, and what reads its pages.

    Each page is read with a context of its own: whoever loses the right to read, loses it at the next page.
    """

    name: str
    columns: Sequence[str]
    parameters: frozenset[str]
    pages: Callable[[Callable[[], Context], QueryParams], Pages]


def check(export: Export, given: QueryParams) -> None:
    """BadInput for parameters that an export does not take."""
    items = given.multi_items()
    unknown = sorted({name for name, _ in items} - export.parameters)
    if unknown:
        raise BadInput(f"There is no parameter {unknown[0][:50]!r}; there are {', '.join(sorted(export.parameters))}.")
    if len(items) > _MOST_PARAMETERS:
        raise BadInput(f"At most {_MOST_PARAMETERS} parameters can be given.")


def single(given: QueryParams, name: str) -> str | None:
    """The value of a parameter that may stand once."""
    values = given.getlist(name)
    if len(values) > 1:
        raise BadInput(f"The parameter {name!r} can be given once.")
    return values[0] if values else None


def lines(rows: Iterable[Row]) -> str:
    """Rows as CSV (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str | None) -> str:
    """A cell that no spreadsheet runs: before what looks like a formula stands an apostrophe."""
    if cell is None:
        return ""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
