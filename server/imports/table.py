"""The lines of a CSV file as rows of its header, one after the other, whatever its delimiter; nothing is kept.

A line that is no row says why and spoils no other: where a quote is never closed, reading goes on with the next line.
Text is UTF-8, with or without a byte-order mark.
"""

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from server.errors import CannotStart

DELIMITERS = (",", ";", "\t", "|")
UNDECODED = "surrogateescape"  # keeps bytes that are no UTF-8, so that they can be told and written again

_MOST_LINES = 1000  # of one row; a quote that is open for longer was never meant to be one
_EVERY = 2000  # rows between two reports of progress

# Texts that are too long are declined where they are too long for something, with their ticket's number.
csv.field_size_limit(1 << 30)

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
    try:
        raw = path.open("rb")
    except OSError as error:
        raise CannotStart(f"{path} cannot be read: {error.strerror}.") from None
    with raw, io.TextIOWrapper(raw, "utf-8-sig", UNDECODED, newline="") as text:
        first = text.readline()
        if not first.strip():
            raise CannotStart(f"{path} is empty: its first line should name the columns.")
        if fault(first) is not None:
            raise CannotStart(f"{path} is not a text file in UTF-8.")
        delimiter = delimiter or max(DELIMITERS, key=lambda each: len(_cells([first], each)[0]))
        header = [name.strip() for name in _cells([first], delimiter)[0]]
        yield Table(header, delimiter, _counted(_rows(text, delimiter, len(header)), raw, advance))


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


def _counted(rows: Iterator[Line], raw: io.BufferedReader, advance: Advance) -> Iterator[Line]:
    """The same rows, and now and then how many bytes they took."""
    told = 0
    for place, row in enumerate(rows):
        yield row
        if place % _EVERY == 0:
            advance(raw.tell() - told)
            told = raw.tell()
    advance(raw.tell() - told)


def _rows(text: io.TextIOWrapper, delimiter: str, width: int) -> Iterator[Line]:
    ahead: deque[str] = deque()
    number = 2
    while line := ahead.popleft() if ahead else text.readline():
        lines = _while_quoted(line, ahead, text)
        row, used = _row(number, lines, delimiter, width)
        if row.fault is not None and used > 1:
            row, used = _row(number, lines[:1], delimiter, width)
        ahead.extendleft(reversed(lines[used:]))
        number += used
        if row.cells:
            yield row


def _while_quoted(line: str, ahead: deque[str], text: io.TextIOWrapper) -> list[str]:
    """The line, and those that follow as long as a quote is open."""
    lines, quotes = [line], line.count('"')
    while quotes % 2 and len(lines) < _MOST_LINES:
        following = ahead.popleft() if ahead else text.readline()
        if not following:
            break
        lines.append(following)
        quotes += following.count('"')
    return lines


def _row(number: int, lines: list[str], delimiter: str, width: int) -> tuple[Line, int]:
    """The first row in some lines, and how many of them it takes."""
    wrong = None
    try:
        cells, used = _cells(lines, delimiter, strict=True)
    except csv.Error:
        cells, used = _cells(lines, delimiter)
        wrong = "a quote in it is not closed, or closed too early"
    if wrong is None and len(cells) != width:
        wrong = f"it has {len(cells)} columns and the header {width}"
    return Line(number, cells, wrong or fault("".join(cells))), used


def _cells(lines: list[str], delimiter: str, *, strict: bool = False) -> tuple[list[str], int]:
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    return next(reader), reader.line_num
