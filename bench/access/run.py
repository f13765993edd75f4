"""What access costs in an account with very many grants beside one with few: both on an embedded PostgreSQL of their own,
served by one real server process, and asked for the same things in turns.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import typer

from bench.access.data import ADMIN, BY_TEAM, DIRECT, Filled, Size, fill
from bench.access.decisions import decide
from bench.access.measurements import BOARD, LIST, MOVE, TICKET, Cell, Meter
from bench.access.report import TITLE, report
from bench.page import put
from server.database.embedded import APP, OWNER, SUPERUSER, Cluster, embedded
from server.database.engine import Database
from server.database.migrate import migrate
from server.settings import Databases, Settings

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "bench" / "RESULTS.md"
SMALL = Size(pipelines=10, grants=10, users=10, teams=10)
OPERATIONS = ("board", "list of pipelines", "ticket", "move")
# CPython's collector is settled and statements are prepared after some requests.
WARM_UP = 10
LARGE = Size(pipelines=5_000, grants=100_000, users=1_000, teams=50)


def measure_access(size: Size, *, rounds: int, batch: int, results: Path) -> None:
    """Measure so many rounds of batches of requests, and write down what came out (Linux)."""
    with tempfile.TemporaryDirectory(prefix="sluicegate-bench-") as home:
        Path(home).chmod(0o711)  # passable for the user that root's PostgreSQL runs as
        with embedded(Path(home) / "data") as cluster:
            typer.echo("Access: making the accounts …")
            filled, version = asyncio.run(_fill(cluster, [SMALL, size]))
            with _serving(Path(home) / "data") as (server, url):
                typer.echo("Access: measuring …")
                pairs = _measure(url, server, _postmaster(cluster), filled, rounds, batch)
    typer.echo("Access: deciding …")
    section = report(pairs, filled, decide(size.grants), version)
    put(TITLE, section, results)
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


def _measure(
    url: str, server: int, postmaster: int, filled: list[Filled], rounds: int, batch: int
) -> list[tuple[Cell, Cell]]:
    meter, pairs = Meter(url, server, postmaster), []
    for operation in OPERATIONS:  # one by one, since a list of 5,000 leaves its garbage to whoever comes next
        compared = [
            (_cell(operation, actor, "small", filled[0]), _cell(operation, actor, "large", filled[1]))
            for actor in (ADMIN, DIRECT, BY_TEAM)
        ]
        meter.measure([cell for pair in compared for cell in pair], rounds, max(batch, WARM_UP))
        pairs += compared
    meter.close()
    return pairs


def _cell(operation: str, actor: str, account: str, has: Filled) -> Cell:
    moves = [{"ticket": ticket, "stage": stage} for stage in has.stages[:2] for ticket in has.tickets]
    requests: dict[str, list[dict[str, Any]]] = {
        "board": [{"query": BOARD, "variables": {"pipeline": has.pipeline}}],
        "list of pipelines": [{"query": LIST}],
        "ticket": [{"query": TICKET, "variables": {"ticket": ticket}} for ticket in has.tickets],
        "move": [{"query": MOVE, "variables": move} for move in moves],
    }
    return Cell(operation, actor, account, requests[operation], has.tokens[actor])
