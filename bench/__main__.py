"""`make bench`: the product and its peers on one PostgreSQL, in turns; what came out is in RESULTS.md and results.svg.

Linux: what a request costs is read from /proc. The data stay in the data directory and are used again.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from bench import report
from bench.access.run import LARGE, measure_access
from bench.chart import chart
from bench.checks import check
from bench.contenders import DOCUMENTED, GRAPHILE, LIMIT, MERCURIUS, ROWS, Contender, peers, product
from bench.curves import Growing, Overload, Point, overload
from bench.data.generate import Size
from bench.data.ground import Base, Ground, prepared
from bench.errors import CannotMeasure
from bench.load.generator import find_generator
from bench.load.server import Server, running, serving
from bench.operations import DOCUMENTS, operations
from bench.page import put
from bench.profiles import profile
from bench.quiescence import settled
from bench.slices import Bench, Cell
from server.database.embedded import SUPERUSER

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "bench"
EVERYBODY = (LIMIT, ROWS, GRAPHILE, MERCURIUS, DOCUMENTED)
LADDER = (1_000, 10_000, 100_000, 1_000_000)
STAGES = (2, 12, 24)
QUICK = Size(10_000)
_CONNECTIONS = 8
_ALONE = {"board", "move"}  # what one client is measured with as well


def main(
    tickets: Annotated[int, typer.Option(help="Tickets in all accounts together.")] = 1_000_000,
    accounts: Annotated[int, typer.Option(help="Accounts that share them.", min=1)] = 10,
    largest: Annotated[int, typer.Option(help="Tickets of the largest account of the curves.")] = LADDER[-1],
    rounds: Annotated[int, typer.Option(help="Slices of each contender and operation.", min=1)] = 5,
    seconds: Annotated[float, typer.Option(help="Seconds of a slice.", min=1)] = 3,
    quick: Annotated[bool, typer.Option(help="Small data and few slices: three minutes.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="A peer to measure; all unless given.")] = None,
    data_dir: Annotated[Path, typer.Option(help="Where the database and what peers need are kept.")] = ROOT
    / ".data-bench",
    pages: Annotated[Path, typer.Option(help="Where to write what came out.")] = PAGES,
) -> None:
    """Measure, and write down what came out."""
    size = QUICK if quick else Size(max(1, tickets // accounts))
    ladder = [] if quick else [each for each in {*LADDER, largest} if each <= largest and each != size.tickets]
    sizes = [
        size,
        *(Size(each) for each in sorted(ladder)),
        *(() if quick else (Size(10_000, each) for each in STAGES)),
    ]
    if quick:
        accounts, rounds, seconds = 2, 2, 1
    data_dir.mkdir(parents=True, exist_ok=True)
    data_dir.chmod(0o711)  # passable for the user that root's PostgreSQL runs as
    try:
        asyncio.run(_run(data_dir, sizes, accounts, rounds, seconds, only or EVERYBODY, pages, curved=not quick))
        if not quick:
            measure_access(LARGE, rounds=10, batch=20, results=pages / "RESULTS.md")
    except CannotMeasure as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(1) from None


async def _run(
    data_dir: Path, sizes: list[Size], accounts: int, rounds: int, seconds: float, wanted: Sequence[str], pages: Path,
    *, curved: bool,
) -> None:  # fmt: skip
    generator = find_generator(data_dir)
    async with prepared(data_dir / "database", sizes, accounts) as base:
        postmaster = int((base.cluster.place.data / "postmaster.pid").read_text().split()[0])
        with tempfile.TemporaryDirectory(prefix="sluicegate-bench-") as scratch, ExitStack() as started:
            bench = Bench(generator, postmaster, Path(scratch))
            contenders = [product(base.cluster), *peers(base.cluster, data_dir, wanted, typer.echo)]
            us = contenders[0]
            working = [sys.executable, "-m", "server", "worker"]
            started.enter_context(running("worker", working, us.environment, Path(scratch)))
            servers = [
                (each, started.enter_context(serving(each.name, each.command, each.environment, Path(scratch))))
                for each in contenders
            ]
            look = await asyncpg.connect(base.cluster.url(SUPERUSER))
            try:
                sizes_of, servers = await _check(base.grounds[0], servers, look)
                cells = await _measure(bench, base.grounds[0], servers, rounds, seconds, look, alone=curved)
                grown, crowd = await _grow(bench, base, servers[0], seconds, look, curved=curved)
            finally:
                await look.close()
        shares = await profile(base.cluster, base.grounds[0], tuple(DOCUMENTS), 50 if curved else 20)
    text = report.whole(base.grounds[0], accounts, cells, sizes_of, grown, crowd, shares)
    put(report.TITLE, text, pages / "RESULTS.md")
    (pages / "results.svg").write_text(chart(cells), encoding="utf-8")
    typer.echo(text)


async def _check(
    ground: Ground, servers: list[tuple[Contender, Server]], look: asyncpg.Connection
) -> tuple[dict[str, int], list[tuple[Contender, Server]]]:
    """The sizes of our answers, and the servers whose answers are ours."""
    ports = [(contender, server.port) for contender, server in servers]
    sizes, out = {}, dict[str, str]()
    for name, operation in operations(ground).items():
        if name != "mixed":
            token = ground.agent if operation.as_agent else ground.admin
            sizes[name], different = await check(operation, token, ports, look)
            out |= {who: f"{name}: {what}" for who, what in different.items()}
    for who, what in out.items():
        typer.echo(f"{who} is left out, its answer is another one: {what}", err=True)
    kept = [each for each in servers if each[0].name not in out]
    typer.echo(f"Checked: {len(kept)} give the same answers to {', '.join(sizes)}.")
    return sizes, kept


async def _measure(
    bench: Bench, ground: Ground, servers: list[tuple[Contender, Server]], rounds: int, seconds: float,
    look: asyncpg.Connection, *, alone: bool,
) -> list[Cell]:  # fmt: skip
    cells: list[Cell] = []
    for name, operation in operations(ground).items():
        token = ground.agent if operation.as_agent else ground.admin
        for connections in (_CONNECTIONS, 1) if alone and name in _ALONE else (_CONNECTIONS,):
            await settled(look)
            label = name if connections == _CONNECTIONS else f"{name}, alone"
            mine = {contender.name: Cell(label, contender.name) for contender, _ in servers}
            for turn in range(-1, rounds):
                first = turn % len(servers)
                for contender, server in servers[first:] + servers[:first]:
                    bench.slice(
                        mine[contender.name], contender, server, operation, contender.requests(operation, token),
                        connections=connections, seconds=seconds if turn >= 0 else 1, counted=turn >= 0,
                    )  # fmt: skip
            cells += mine.values()
            typer.echo(f"{label}: " + ", ".join(f"{cell.contender} {cell.rate:,.0f}/s" for cell in mine.values()))
    return cells


async def _grow(
    bench: Bench, base: Base, us: tuple[Contender, Server], seconds: float, look: asyncpg.Connection, *, curved: bool
) -> tuple[list[Point], Overload]:
    contender, server = us
    growing = Growing(bench, contender, server, seconds, look)
    grown = await growing.curves(base.grounds, base.neighbours) if curved else []
    await settled(look)
    return grown, overload(bench, contender, server, base.grounds[0], seconds)


if __name__ == "__main__":
    typer.run(main)
