"""What access costs in an account with 100,000 grants, beside one with ten: `python -m bench.access` (Linux).

It makes both accounts on an embedded PostgreSQL of its own, serves them by one real server process, and asks for the
same things in both in turns. What comes out is written to RESULTS.md.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from bench.access.deciding import decide
from bench.access.filling import ADMIN, BY_TEAM, DIRECT, Filled, Size, fill
from bench.access.measuring import BOARD, LIST, MOVE, TICKET, Cell, Meter, Processes
from bench.access.reporting import put, report
from server.database import Database
from server.embedded_postgres import APP, OWNER, SUPERUSER, Cluster, embedded
from server.migrating import migrate
from server.settings import Databases, Settings

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "bench" / "RESULTS.md"
SMALL = Size(pipelines=10, grants=10, users=10, teams=10)
OPERATIONS = ("board", "list of pipelines", "ticket", "move")
# CPython's collector is settled and statements are prepared after some requests.
WARM_UP = 10


def main(
    pipelines: Annotated[int, typer.Option(help="Pipelines of the large account.", min=2)] = 5_000,
    grants: Annotated[int, typer.Option(help="Grants of the large account.", min=2)] = 100_000,
    users: Annotated[int, typer.Option(help="Users of the large account.", min=100)] = 1_000,
    teams: Annotated[int, typer.Option(help="Teams of the large account.", min=5)] = 50,
    rounds: Annotated[int, typer.Option(help="Turns that each request gets.", min=2)] = 10,
    batch: Annotated[int, typer.Option(help="Requests of a turn.", min=1)] = 20,
    results: Annotated[Path, typer.Option(help="Where to write what came out.")] = RESULTS,
) -> None:
    """Measure, and write down what came out."""
    size = Size(pipelines, grants, users, teams)
    with tempfile.TemporaryDirectory(prefix="sluicegate-bench-") as home:
        Path(home).chmod(0o711)  # passable for the user that root's PostgreSQL runs as
        with embedded(Path(home) / "data") as cluster:
            typer.echo("Making the accounts …")
            filled, version = asyncio.run(_fill(cluster, [SMALL, size]))
            with _serving(Path(home) / "data") as (server, url):
                typer.echo("Measuring …")
                pairs = _measure(url, Processes(server, _postmaster(cluster)), filled, rounds, batch)
    typer.echo("Deciding …")
    section = report(pairs, filled, decide(grants), version)
    put(section, results)
    typer.echo(section)


async def _fill(cluster: Cluster, sizes: list[Size]) -> tuple[list[Filled], str]:
    addresses = Databases(cluster.url(APP), cluster.url(OWNER))
    await migrate(addresses)
    database = Database(addresses, Settings())
    try:
        filled = [await fill(database.sessions, f"bench-{number}", size) for number, size in enumerate(sizes)]
    finally:
        await database.close()
    connection = await asyncpg.connect(cluster.url(SUPERUSER))
    await connection.execute("VACUUM ANALYZE")
    version = str(await connection.fetchval("SHOW server_version")).split()[0]
    await connection.close()
    return filled, version


@contextmanager
def _serving(data_dir: Path) -> Iterator[tuple[int, str]]:
    command = [sys.executable, "-m", "server", "serve", "--port", "0", "--no-demo", "--no-worker"]
    with subprocess.Popen(
        [*command, "--data-dir", str(data_dir)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            for line in process.stdout or ():
                if found := re.search(r"Serving on (http://[^/]+)", line):
                    yield process.pid, found.group(1)
                    return
            raise RuntimeError("the server did not start")
        finally:
            process.terminate()


def _postmaster(cluster: Cluster) -> int:
    return int((cluster.place.data / "postmaster.pid").read_text().split()[0])


def _measure(url: str, processes: Processes, filled: list[Filled], rounds: int, batch: int) -> list[tuple[Cell, Cell]]:
    pairs = [
        (_cell(operation, actor, "small", filled[0]), _cell(operation, actor, "large", filled[1]))
        for operation, actor in product(OPERATIONS, (ADMIN, DIRECT, BY_TEAM))
    ]
    meter = Meter(url, processes)
    meter.measure([cell for pair in pairs for cell in pair], rounds, max(batch, WARM_UP))
    meter.close()
    return pairs


def _cell(operation: str, actor: str, account: str, has: Filled) -> Cell:
    moves = [{"ticket": ticket, "stage": stage} for stage in has.stages[:2] for ticket in has.tickets]
    requests = {
        "board": [{"query": BOARD, "variables": {"pipeline": has.pipeline}}],
        "list of pipelines": [{"query": LIST}],
        "ticket": [{"query": TICKET, "variables": {"ticket": ticket}} for ticket in has.tickets],
        "move": [{"query": MOVE, "variables": move} for move in moves],
    }
    return Cell(operation, actor, account, requests[operation], has.tokens[actor])


if __name__ == "__main__":
    typer.run(main)
