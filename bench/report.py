"""Writing down what was measured: the goals beside what was reached, every operation of everybody, curves and profile."""

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from statistics import median
from typing import NamedTuple

from bench.contenders import GRAPHILE, LIMIT, ROWS, TOLD, US
from bench.curves import CROWD, Heard, Overload, Point
from bench.data.ground import Ground
from bench.profiles import Line
from bench.slices import Cell

TITLE = "## The product and its peers"


class Goal(NamedTuple):
    """What is to be reached: a number of one cell over that of another, at least or at most."""

    operation: str
    what: str
    of: str
    to: str
    bound: float
    at_least: bool


GOALS = (
    Goal("board", "rate", US, LIMIT, 0.8, at_least=True),
    Goal("board", "rate", US, GRAPHILE, 4, at_least=True),
    Goal("board", "server", US, GRAPHILE, 0.15, at_least=False),
    Goal("board, alone", "p50", US, LIMIT, 1.1, at_least=False),
    Goal("ticket", "rate", US, LIMIT, 0.7, at_least=True),
    Goal("ticket", "rate", US, GRAPHILE, 2.3, at_least=True),
    Goal("list", "rate", US, ROWS, 1.0, at_least=True),
    Goal("move", "rate", US, LIMIT, 0.8, at_least=True),
    Goal("move", "rate", US, GRAPHILE, 1.7, at_least=True),
)
_FLAT = 1.15  # by which two slices of the same differ
_WHAT = {"rate": "rate", "server": "server CPU", "p50": "p50"}


def whole(
    ground: Ground, accounts: int, cells: Sequence[Cell], sizes: Mapping[str, int], grown: Sequence[Point],
    crowd: Overload, shares: Mapping[str, Sequence[Line]],
) -> str:  # fmt: skip
    """The section."""
    lines = [
        TITLE,
        "",
        "Written by `make bench`, and made anew by it. Compare ratios of one run, not rates of two: "
        f"{os.cpu_count()} cores shared with the load generator and the database, {platform.system()} "
        f"{platform.machine()}, CPython {platform.python_version()}, SQLAlchemy {version('sqlalchemy')}, Strawberry "
        f"{version('strawberry-graphql')}, asyncpg {version('asyncpg')}. The product's worker runs beside all of them, in a "
        f"process of its own that is not counted, and has done what was left to it before each operation. {accounts} accounts of "
        f"{ground.size.tickets:,} tickets in {ground.size.stages} stages. Eight connections, `alone` one; medians of "
        "interleaved slices; CPU in milliseconds of a request.",
        "",
        "![Boards, tickets, lists and moves a second](results.svg)",
        "",
        "### Goals",
        "",
        *_goals(cells, grown),
        "",
        "### Everybody",
        "",
        *_table(cells, sizes),
        "",
        *_curves(grown),
        "### Past what it takes",
        "",
        f"{CROWD:,} connections ask for boards at once: {crowd.good:,.0f} good answers a second, {crowd.refused:,.0f} "
        f"refusals of 503 or 429, {crowd.broken} that were neither. {_heard(crowd.heard)} Eight connections before it: p50 "
        f"{crowd.before:.1f} ms; after it: {crowd.afterwards:.1f} ms.",
        "",
        "### Where the time goes",
        "",
        "Own time of functions in the server's process, under the profiler, which makes small ones look larger. What "
        "it comes to, and what would be next, is told in [docs/explanation/performance.md](../docs/explanation/performance.md).",
        "",
        *(line for name, found in shares.items() for line in _shares(name, found)),
    ]
    return "\n".join(lines).rstrip()


def _goals(cells: Sequence[Cell], grown: Sequence[Point]) -> list[str]:
    found = {(cell.operation, cell.contender): cell for cell in cells}
    lines = ["| goal | reached | |", "|---|---|---|"]
    for goal in GOALS:
        of, to = found.get((goal.operation, goal.of)), found.get((goal.operation, goal.to))
        said = f"{goal.operation}: {_WHAT[goal.what]} {'≥' if goal.at_least else '≤'} {goal.bound:g} × {TOLD[goal.to]}"
        if of is None or to is None:
            lines.append(f"| {said} | not measured | |")
            continue
        reached = getattr(of, goal.what) / getattr(to, goal.what)
        good = reached >= goal.bound if goal.at_least else reached <= goal.bound
        lines.append(f"| {said} | {reached:.2f} × | {'yes' if good else '**no**'} |")
    board = found["board", US]
    spread = board.p99 / board.p50
    lines.append(f"| board: p99 ≤ 2.5 × p50 | {spread:.2f} × | {'yes' if spread <= 2.5 else '**no**'} |")
    return lines + _flatness(grown)


def _flatness(grown: Sequence[Point]) -> list[str]:
    """Whether all CPU of a board is the same in the largest account as in one of ten thousand tickets."""
    boards = {point.at: point.cell for point in grown if (point.curve, point.cell.operation) == ("tickets", "board")}
    few, many = 10_000, max(boards, default=0)
    if few not in boards or many <= few:
        return ["| board: cost flat in the tickets of the account | not measured | |"]
    times = (boards[many].server + boards[many].database) / (boards[few].server + boards[few].database)
    said = f"board: CPU with {many:,} tickets in the account ≤ {_FLAT:g} × that with {few:,}"
    return [f"| {said} | {times:.2f} × | {'yes' if times <= _FLAT else '**no**'} |"]


def _heard(heard: Heard) -> str:
    told = [
        f"{len(times)} {what}, p50 {median(times):.0f} ms"
        for what, times in (("good answers", heard.good), ("refusals", heard.refused))
        if times
    ]
    told += [f"nothing {heard.unheard} times"] if heard.unheard else []
    last = heard.retry_after or "none of them a refusal"
    return f"A client beside them, one request after the other, heard {' and '.join(told)} ({last})."


def _table(cells: Sequence[Cell], sizes: Mapping[str, int]) -> list[str]:
    lines = [
        "| operation | who | per second | p50 ms | p99 ms | CPU server + database | memory MB | × limit | wrong |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    limits = {cell.operation: cell.rate for cell in cells if cell.contender == LIMIT}
    for cell in cells:
        size = f" ({sizes[cell.operation] / 1000:.0f} kB)" if cell.contender == US and cell.operation in sizes else ""
        share = f"{cell.rate / limits[cell.operation]:.2f}" if cell.operation in limits else ""
        lines.append(
            f"| {cell.operation}{size} | {TOLD[cell.contender]} | {cell.rate:,.0f} | {cell.p50:.1f} | {cell.p99:.1f} | "
            f"{cell.server:.2f} + {cell.database:.2f} | {cell.memory:.0f} | {share} | {cell.wrong or ''} |"
        )
    return lines


def _curves(grown: Sequence[Point]) -> list[str]:
    if not grown:
        return []
    lines = [
        "### How the cost grows",
        "",
        "By the tickets and the stages of the account, by the accounts that are asked in turn, and by how many ask at once.",
        "",
        "| operation | by | at | per second | p50 ms | p99 ms | CPU server + database | refused | wrong |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for point in grown:
        cell = point.cell
        lines.append(
            f"| {cell.operation} | {point.curve} | {point.at:,} | {cell.rate:,.0f} | {cell.p50:.1f} | {cell.p99:.1f} | "
            f"{cell.server:.2f} + {cell.database:.2f} | {cell.refused or ''} | {cell.wrong or ''} |"
        )
    return [*lines, "", "By grants and pipelines of the account: see *Access at scale* below.", ""]


def _shares(name: str, found: Sequence[Line]) -> list[str]:
    lines = [f"**{name}**", "", "| own time | calls a request | function |", "|---|---|---|"]
    lines += [f"| {line.share:.0f} % | {line.calls:,.0f} | `{line.name}` |" for line in found]
    return [*lines, ""]
