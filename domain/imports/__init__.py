"""Imports: tickets with the history they had in another system (B34).

`history` is what the source says, `deduplicate` finds what of it is new, `requirements` makes what the tickets need,
`replay` computes their rows, `write_rows` writes them, and `run` does all that for a batch.
"""

from domain.imports.deduplicate import NewRows, find_new_rows
from domain.imports.history import History, Snapshot
from domain.imports.requirements import Created, ImportContext, ImportedStage, ImportRequirements, prepare_import
from domain.imports.run import ImportSummary, import_tickets, preview_import

__all__ = [
    "Created",
    "History",
    "ImportContext",
    "ImportRequirements",
    "ImportSummary",
    "ImportedStage",
    "NewRows",
    "Snapshot",
    "find_new_rows",
    "import_tickets",
    "prepare_import",
    "preview_import",
]
