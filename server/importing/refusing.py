"""The file of refused rows: every row of every refused ticket, with its line and the reason, and as it was.

It can be put right and imported in its turn with the same mapping.
"""

import csv
from pathlib import Path

from server.errors import CannotStart
from server.importing.mapping import Mapping
from server.importing.reading import Log, places
from server.importing.table import UNDECODED, open_table


def write_refused(source: Path, mapping: Mapping, log: Log, target: Path) -> int:
    """Read the source once more and write what was refused of it; returns how many rows that is."""
    if target.exists() and target.samefile(source):
        raise CannotStart(f"The refused rows cannot be written to {target}: that is the file they come from.")
    written = 0
    with (
        open_table(source, log.delimiter, lambda _: None) as table,
        target.open("w", encoding="utf-8", errors=UNDECODED, newline="") as file,
    ):
        out = csv.writer(file, delimiter=log.delimiter, lineterminator="\n")
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
