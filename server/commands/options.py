"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path, typer.Option("--data-dir", help="Directory of the embedded database and its key.", file_okay=False)
]
DATA_DIR = Path(".data")
