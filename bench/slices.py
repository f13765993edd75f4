"""Measuring in slices: a few seconds of each contender in turn, round after round, so that what else the machine does
meets all alike.
"""

from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.contenders import Contender
from bench.load.costs import Cpu, cpu_of, peak_memory
from bench.load.generator import Generator, Tally
from bench.load.serving import Server
from bench.operations import Operation


@dataclass
class Cell:
    """One operation of one contender: its slices, each with what it cost."""

    operation: str
    contender: str
    slices: list[tuple[Tally, Cpu]] = field(default_factory=list)
    memory: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers in a second, the median of the slices."""
        return median(tally.rate for tally, _ in self.slices)

    @property
    def p50(self) -> float:
        """Milliseconds that half of the requests took."""
        return median(tally.p50 for tally, _ in self.slices)

    @property
    def p99(self) -> float:
        """Milliseconds that 99 of 100 took at most."""
        return median(tally.p99 for tally, _ in self.slices)

    @property
    def server(self) -> float:
        """Milliseconds of the server's CPU for a request."""
        return median(cpu.server / max(1, tally.answers) for tally, cpu in self.slices)

    @property
    def database(self) -> float:
        """Milliseconds of the database's CPU for a request."""
        return median(cpu.database / max(1, tally.answers) for tally, cpu in self.slices)

    @property
    def wrong(self) -> int:
        """Answers that were none."""
        return sum(tally.wrong + tally.broken for tally, _ in self.slices)


@dataclass(frozen=True)
class Bench:
    """What slices are taken with."""

    generator: Generator
    postmaster: int
    scratch: Path

    def slice(
        self, cell: Cell, contender: Contender, server: Server, operation: Operation, token: str,
        *, connections: int, seconds: float, counted: bool = True, look: bool | None = None,
    ) -> Tally:  # fmt: skip
        """One slice; what it cost is added to the cell, unless it only warms up."""
        requests = contender.requests(operation, token)
        before = cpu_of(server.pid, self.postmaster)
        looks = operation.look if look is None else look
        tally = self.generator.run(
            server.port, requests, self.scratch, connections=connections, seconds=seconds, look=looks
        )
        if counted:
            cell.slices.append((tally, cpu_of(server.pid, self.postmaster).since(before)))
            cell.memory = peak_memory(server.pid)
        return tally
