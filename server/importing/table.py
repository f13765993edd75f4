"""The lines of a CSV file as rows of its header, one after the other, whatever its delimiter; nothing is kept.

A line that is no row says why and does not end the reading. Text is UTF-8, with or without a byte-order mark.
"""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from server.errors import CannotStart

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", ";", "\t", "|")
UNDECODED = "surrogateescape"  # keeps bytes that are no UTF-8, so that they can be told and written again
_EVERY = 2000  # lines between two reports of progress

Advance = Callable[[int], Any]


class Line(NamedTuple):
    """One row: the line of the file where it begins, its cells, and what is wrong with it, if anything."""

    number: int
    cells: list[str]
    fault: str | None


class Table(NamedTuple):
    """An open file: its header, its delimiter and the rows that follow."""

    header: list[str]
    delimiter: str
    lines: Iterator[Line]


@contextmanager
def open_table(path: Path, delimiter: str | None, advance: Advance) -> Iterator[Table]:
    """Open a file with a header; `advance` hears how many bytes were read. CannotStart where there is no header.

    Without a delimiter it is the one that cuts the header into most columns.
    """
    with path.open("rb") as raw, io.TextIOWrapper(raw, "utf-8-sig", UNDECODED, newline="") as text:
        first = _first_line(path, text)
        delimiter = delimiter or max(DELIMITERS, key=lambda each: len(next(csv.reader([first], delimiter=each))))
        text.seek(0)
        rows = csv.reader(text, delimiter=delimiter)
        header = [name.strip() for name in next(rows)]
        yield Table(header, delimiter, _lines(rows, len(header), raw, advance))


def _first_line(path: Path, text: io.TextIOWrapper) -> str:
    try:
        first = text.readline(csv.field_size_limit())
    except OSError as error:
        raise CannotStart(f"{path} cannot be read: {error.strerror}.") from None
    if not first.strip():
        raise CannotStart(f"{path} is empty: its first line should name the columns.")
    if fault(first) is not None:
        raise CannotStart(f"{path} is not a text file in UTF-8.")
    return first


def _lines(rows: "Reader", width: int, raw: io.BufferedReader, advance: Advance) -> Iterator[Line]:
    read = 0
    while True:
        begin = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            yield Line(begin, [], f"lines {begin} to {rows.line_num} cannot be read: {error}")
            continue
        if cells:
            yield Line(begin, cells, _row_fault(cells, width))
        if rows.line_num % _EVERY == 0:
            advance(raw.tell() - read)
            read = raw.tell()
    advance(raw.tell() - read)


def _row_fault(cells: list[str], width: int) -> str | None:
    if len(cells) != width:
        return f"it has {len(cells)} columns and the header {width}"
    return fault("".join(cells))


def fault(text: str) -> str | None:
    """Why the database could not keep a text, or None."""
    if "\0" in text:
        return "it holds a NUL character"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "it is not UTF-8"
    return None
