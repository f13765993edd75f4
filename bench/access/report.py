"""Writing down what was measured, with the facts of the machine that a reader needs to weigh it, and no others."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version

from bench.access.data import Filled
from bench.access.decisions import Rate
from bench.access.measurements import Cell

TITLE = "## Access at scale"
GOAL = 1.1  # times what a board costs with few grants


def ratio(large: Cell, small: Cell) -> str:
    """How many times as long, and as much work, something is in the large account."""
    work = (large.server + large.database) / (small.server + small.database)
    return f"{large.median / small.median:.2f} / {work:.2f}"


def report(pairs: Sequence[tuple[Cell, Cell]], filled: Sequence[Filled], rates: Sequence[Rate], postgres: str) -> str:
    """The section: one row for each operation and actor, small account beside large."""
    small, large = filled
    lines = [
        TITLE,
        "",
        "Written by `make bench`. Compare ratios of one run; the times are those of the machine: "
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, CPython {platform.python_version()}, "
        f"PostgreSQL {postgres}, SQLAlchemy {version('sqlalchemy')}, Strawberry {version('strawberry-graphql')}, "
        f"pycasbin {version('pycasbin')}. One server process, one client, one request at a time.",
        "",
        *(_account(name, each) for name, each in (("small", small), ("large", large))),
        "",
        "Milliseconds of a request: median, 99th of 100, CPU of the server + of the database. The ratio is large to",
        "small, of the medians / of all CPU. What is shown is the same in both accounts, except the list of the super",
        "admin, who sees every pipeline there is.",
        "",
        "| operation | as | small: median, p99, CPU | large: median, p99, CPU | ratio |",
        "|---|---|---|---|---|",
        *(_row(few, many) for few, many in pairs),
        "",
        f"Goal: a board with {large.grants:,} grants costs no more than with {small.grants}: ratios up to {GOAL}, by",
        "which two runs of the same differ.",
        "",
        "| what decides | decisions a second |",
        "|---|---|",
        *(f"| {rate.what} | {rate.per_second:,.{0 if rate.per_second > 10 else 2}f} |" for rate in rates),
    ]
    return "\n".join(lines)


def _account(name: str, filled: Filled) -> str:
    size = filled.size
    return (
        f"- {name}: {size.pipelines + 1:,} pipelines, {filled.grants:,} grants, {size.users + 3:,} users, "
        f"{size.teams + 1} teams"
    )


def _row(small: Cell, large: Cell) -> str:
    return f"| {small.operation} | {small.actor} | {_cell(small)} | {_cell(large)} | {ratio(large, small)} |"


def _cell(cell: Cell) -> str:
    return f"{cell.median:.1f}, {cell.p99:.1f}, {cell.server:.2f} + {cell.database:.2f}"
