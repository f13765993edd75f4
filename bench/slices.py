"""Measuring in slices: a few seconds of each contender in turn, round after round, so that what else the machine does
meets all alike.
"""

from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.contenders import Contender
from bench.load.costs import Cpu, clocks_of, peak_memory
from bench.load.generator import Generator, Request, Tally
from bench.load.server import Server
from bench.operations import Operation


@dataclass
class Cell:
    """One operation of one contender: its slices, each with what it cost."""

    operation: str
    contender: str
    slices: list[tuple[Tally, Cpu, float]] = field(default_factory=list)
    memory: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers in a second, the median of the slices."""
        return median(tally.rate for tally, _, _ in self.slices)

    @property
    def p50(self) -> float:
        """Milliseconds that half of the requests took."""
        return median(tally.p50 for tally, _, _ in self.slices)

    @property
    def p99(self) -> float:
        """Milliseconds that 99 of 100 took at most."""
        return median(tally.p99 for tally, _, _ in self.slices)

    @property
    def server(self) -> float:
        """Milliseconds of the server's CPU for a request."""
        return median(cpu.server / begun for _, cpu, begun in self.slices)

    @property
    def database(self) -> float:
        """Milliseconds of the database's CPU for a request."""
        return median(cpu.database / begun for _, cpu, begun in self.slices)

    @property
    def refused(self) -> int:
        """Answers that asked to come back."""
        return sum(tally.refused for tally, _, _ in self.slices)

    @property
    def wrong(self) -> int:
        """Answers that were none."""
        return sum(tally.wrong + tally.broken for tally, _, _ in self.slices)


@dataclass(frozen=True)
class Bench:
    """What slices are taken with."""

    generator: Generator
    postmaster: int
    scratch: Path
    sent: dict[tuple[str, bytes], int] = field(default_factory=dict)

    def slice(
        self, cell: Cell, contender: Contender, server: Server, operation: Operation, requests: list[Request],
        *, connections: int, seconds: float, counted: bool = True, look: bool | None = None,
    ) -> Tally:  # fmt: skip
        """One slice; what it cost is added to the cell, unless it only warms up."""
        first, requests = requests[0], self._turned(contender, operation, requests)
        before = clocks_of(server.pid, self.postmaster)
        looks = operation.look if look is None else look
        tally = self.generator.run(
            server.port, requests, self.scratch, connections=connections, seconds=seconds, look=looks
        )
        if counted:
            # Those under way at the end have cost about half of what they will.
            begun = tally.answers + connections / 2
            cell.slices.append((tally, clocks_of(server.pid, self.postmaster).since(before), begun))
            cell.memory = peak_memory(server.pid)
        self._note(contender, first, tally.answers)
        return tally

    def _note(self, contender: Contender, first: Request, answers: int) -> None:
        self.sent[contender.name, first.body] = self.sent.get((contender.name, first.body), 0) + answers

    def _turned(self, contender: Contender, operation: Operation, requests: list[Request]) -> list[Request]:
        """From where the last slice stopped on: else a ticket would be moved to where it is already."""
        if not operation.writes:
            return requests
        done = self.sent.get((contender.name, requests[0].body), 0) % len(requests)
        return requests[done:] + requests[:done]
