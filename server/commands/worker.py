"""The command `worker`."""

import typer

from server.commands.options import DATA_DIR, DataDir
from server.http.signals import asked_to_stop
from server.jobs.supervise import supervise
from server.runtime import Opened, on_database


def worker(data_dir: DataDir = DATA_DIR) -> None:
    """Run the worker alone; servers beside it are started with --no-worker."""

    async def until_asked(it: Opened) -> None:
        typer.echo("The worker runs; Ctrl-C stops it.")
        await supervise(it, asked_to_stop())

    on_database(data_dir, until_asked)
    typer.echo("Stopped.")
