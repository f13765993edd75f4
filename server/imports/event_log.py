"""Reading an event log: its rows become histories of tickets, and a row that cannot be taken refuses its ticket.

One pass over the file; what is kept of it is what the histories keep, and of names each once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.imports import History, Snapshot
from domain.tickets import Priority
from server.errors import CannotStart
from server.imports.mapping import FIELD, Mapping
from server.imports.table import Advance, Line, open_table

_BREATH = 1000  # rows
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)  # before it are blanks and slips, and what the database reads as infinity
_MOMENTS = 100_000  # texts of times whose reading is remembered; many events share one


class _Unreadable(Exception):  # noqa: N818 (it is a sentence about the row)
    """Why a row cannot be taken."""


@dataclass
class Log:
    """What a file holds: histories by number, faults by line, and the first faulty line of each refused ticket.

    `rows` counts all rows, those of refused tickets too.
    """

    delimiter: str = ","
    rows: int = 0
    histories: dict[str, History] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


def check_columns(path: Path, mapping: Mapping) -> None:
    """CannotStart when the file has not the columns that the mapping names."""
    with open_table(path, mapping.delimiter, lambda _: None) as table:
        places(table.header, mapping, path)


async def read_log(path: Path, mapping: Mapping, now: datetime, advance: Advance) -> Log:
    """Read a file; CannotStart when the mapping does not fit it. Events before 1900 or after `now`
    are refused.

    `advance` hears how many bytes were read.
    """
    with open_table(path, mapping.delimiter, advance) as table:
        reader = _Reader(mapping, places(table.header, mapping, path), now)
        for line in table.lines:
            reader.take(line)
            if reader.log.rows % _BREATH == 0:
                await asyncio.sleep(0)  # so that Ctrl-C is heard
    log = reader.log
    log.delimiter = table.delimiter
    if reader.misread is not None and not reader.told_time:
        wanted = mapping.time_format or "an ISO 8601 time"
        raise CannotStart(
            f"No time in the column {mapping.columns.time!r} of {path} looks like {wanted}: "
            f"the first is {reader.misread!r}."
        )
    for number in log.refused:
        log.histories.pop(number, None)
    return log


def places(header: list[str], mapping: Mapping, path: Path) -> dict[str, int]:
    """Where each column that the mapping names is; CannotStart when one is missing or there twice."""
    for where, column in mapping.named_columns():
        if header.count(column) != 1:
            wrong = "no column" if column not in header else "more than one column"
            raise CannotStart(
                f"There is {wrong} {column!r} in {path}, which the mapping names in {where}; "
                f"the columns are: {', '.join(header)}."
            )
    return {column: header.index(column) for _, column in mapping.named_columns()}


class _Reader:
    """Takes line after line into a log."""

    def __init__(self, mapping: Mapping, at: dict[str, int], now: datetime) -> None:
        self.log = Log()
        self.told_time = False
        self.misread: str | None = None
        self._mapping = mapping
        self._at = at
        self._none = {"", *(value.strip() for value in mapping.none)}
        self._now = now
        self._moment = lru_cache(_MOMENTS)(_moments(mapping))
        self._kept: dict[str, str] = {}
        self._labels = tuple(mapping.properties.values())

    def take(self, line: Line) -> None:
        """Take one row, or note why not, and for which ticket."""
        log = self.log
        log.rows += 1
        number = self._value(line.cells, self._mapping.columns.number)
        try:
            if line.fault is not None:
                raise _Unreadable(line.fault)
            if number is None:
                raise _Unreadable("it has no ticket number")
            self._add(number, line.cells)
        except (_Unreadable, Refusal) as fault:
            log.faults[line.number] = str(fault).rstrip(".")
            if number is not None:
                log.refused.setdefault(number, line.number)

    def _add(self, number: str, cells: list[str]) -> None:
        columns = self._mapping.columns
        stage, time = self._value(cells, columns.stage), self._value(cells, columns.time)
        if stage is None or time is None:
            raise _Unreadable(f"it has no {'stage' if stage is None else 'time'}")
        at = self._time(time)
        history = self.log.histories.get(number)
        if history is None:
            history = self.log.histories[number] = History(number)
        history.add(
            at,
            self._keep(stage),
            self._snapshot(number, cells),
            actor=self._kept_value(cells, columns.actor),
            # Not the whole row: an export may fill in later what was known only in the end, in all rows of a ticket.
            mark=f"{stage}\x1f{time}",
        )

    def _snapshot(self, number: str, cells: list[str]) -> Snapshot:
        columns = self._mapping.columns
        return Snapshot(
            subject=" ".join(self._fill(self._mapping.subject, cells).split()) or number,
            content=self._fill(self._mapping.content, cells).strip(),
            priority=self._priority(self._value(cells, columns.priority)),
            owner=self._kept_value(cells, columns.owner),
            team=self._kept_value(cells, columns.team),
            properties=tuple(self._kept_value(cells, column) for column in self._labels),
        )

    def _time(self, text: str) -> datetime:
        try:
            at = self._moment(text)
        except (ValueError, OverflowError):
            self.misread = self.misread or text
            raise _Unreadable(
                f"its time {text!r} does not look like {self._mapping.time_format or 'ISO 8601'}"
            ) from None
        self.told_time = True
        if at > self._now:
            raise _Unreadable(f"its time {text!r} lies in the future")
        if at < _EARLIEST:
            raise _Unreadable(f"its time {text!r} lies before {_EARLIEST.year}")
        return at

    def _priority(self, text: str | None) -> Priority | None:
        if text is None or text in self._mapping.priorities:
            return None if text is None else self._mapping.priorities[text]
        if text.upper() in Priority.__members__:
            return Priority[text.upper()]
        raise _Unreadable(f"its priority {text!r} is not among the mapping's priorities")

    def _value(self, cells: list[str], column: str | None) -> str | None:
        if column is None or self._at[column] >= len(cells):
            return None
        value = cells[self._at[column]].strip()
        return None if value in self._none else value

    def _kept_value(self, cells: list[str], column: str | None) -> str | None:
        value = self._value(cells, column)
        return None if value is None else self._keep(value)

    def _keep(self, value: str) -> str:
        """The same text each time, so that a million rows do not hold a million copies."""
        return self._kept.setdefault(value, value)

    def _fill(self, template: str, cells: list[str]) -> str:
        return FIELD.sub(lambda found: self._value(cells, found[1]) or "", template)


def _moments(mapping: Mapping) -> Callable[[str], datetime]:
    """How a text is read as a time."""
    zone, form = ZoneInfo(mapping.time_zone), mapping.time_format

    def read(text: str) -> datetime:
        told = datetime.strptime(text, form) if form is not None else datetime.fromisoformat(text)  # noqa: DTZ007
        return (told if told.tzinfo is not None else told.replace(tzinfo=zone)).astimezone(UTC)

    return read
