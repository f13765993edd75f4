"""The command `migrate`: brings the tables to this release."""

import typer

from server.commands.options import DATA_DIR, DataDir
from server.database.migrate import migrate as bring_up_to_date
from server.runtime import opened, run


def migrate(data_dir: DataDir = DATA_DIR) -> None:
    """Bring the database to this release; run it before the servers of a new one."""
    with opened(data_dir) as it:
        typer.echo(it.story)
        typer.echo(run(bring_up_to_date(it.addresses)))
