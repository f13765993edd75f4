"""Imports: tickets with the history they had in another system (B34).

`history` is what the source says, `deduplicate` finds what of it is new, `requirements` makes what the tickets need,
`replay` computes their rows, `write_rows` writes them, and `run` does all that for a batch.
"""

from domain.imports.deduplicate import News, find_news
from domain.imports.history import History, Snapshot
from domain.imports.requirements import Goal, Ground, Made, Wanted, prepare_import
from domain.imports.run import Tally, foresee_import, import_tickets

__all__ = [
    "Goal",
    "Ground",
    "History",
    "Made",
    "News",
    "Snapshot",
    "Tally",
    "Wanted",
    "find_news",
    "foresee_import",
    "import_tickets",
    "prepare_import",
]
