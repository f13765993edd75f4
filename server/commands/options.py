"""What several commands share: their options, and how a person types them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path, typer.Option("--data-dir", help="Directory of the embedded database and its key.", file_okay=False)
]
DATA_DIR = Path(".data")
Account = Annotated[str | None, typer.Option("--account", help="Slug of the account; needed where there are several.")]


def typed() -> str:
    """How a command begins in the shell of whoever started this one, such as `.venv/bin/python -m server`."""
    here, program = Path.cwd(), Path(sys.executable)
    shown = program.relative_to(here) if program.is_relative_to(here) else program
    return f"{shown} -m server"
