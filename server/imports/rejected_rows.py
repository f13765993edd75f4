"""The file of refused rows: every row of every refused ticket, with its line and the reason, and as it was.

It can be put right and imported in its turn with the same mapping.
"""

import csv
import os
from pathlib import Path
from typing import TextIO

from server.errors import CannotStart
from server.imports.event_log import Log, places
from server.imports.mapping import Mapping
from server.imports.table import UNDECODED, open_table


def write_refused(source: Path, mapping: Mapping, log: Log, target: Path) -> int:
    """Read the source once more and write what was refused of it; returns how many rows that is.

    A file that is there is replaced. CannotStart when the target is the source, a link, or cannot be written.
    """
    if target.exists() and target.samefile(source):
        raise CannotStart(f"The refused rows cannot be written to {target}: that is the file they come from.")
    written = 0
    with (
        open_table(source, log.delimiter, lambda _: None) as table,
        _open(target) as file,
    ):
        # Only what is in the line terminator is quoted, and a bare CR in a cell must be.
        out = csv.writer(file, delimiter=log.delimiter, lineterminator="\r\n")
        out.writerow(["line", "reason", *table.header])
        at = places(table.header, mapping, source)[mapping.columns.number]
        for line in table.lines:
            number = line.cells[at].strip() if at < len(line.cells) else ""
            reason = log.faults.get(line.number)
            if reason is None and number in log.refused:
                reason = f"its ticket is refused for line {log.refused[number]}"
            if reason is not None:
                out.writerow([line.number, reason, *line.cells])
                written += 1
    return written


def _open(target: Path) -> TextIO:
    """The target, emptied. What a link leads to is not ours to write over, and may change until it is opened."""
    try:
        opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        wrong = "it is a symbolic link" if target.is_symlink() else error.strerror
        raise CannotStart(f"The refused rows cannot be written to {target}: {wrong}.") from None
    return os.fdopen(opened, "w", encoding="utf-8", errors=UNDECODED, newline="")
