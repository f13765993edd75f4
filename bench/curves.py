"""How cost grows with what there is and with who asks, and what happens past what the server takes."""

import threading
import time
import urllib.error
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import asyncpg

from bench.checks import answer_of
from bench.contenders import Contender
from bench.data.ground import Ground
from bench.load.generator import Request, Tally
from bench.load.server import Server
from bench.operations import operations
from bench.quiescence import settled
from bench.slices import Bench, Cell

CONCURRENCY = (1, 2, 4, 8, 16, 32, 64, 128, 256)
CROWD = 1000  # connections, more than are let in
_CONNECTIONS = 8
_BY_TICKETS = ("board", "ticket", "list", "move")
_SLICES = 3
_ASKED, _PAUSE = 5.0, 0.05  # seconds that a probe asks, and between two of its requests


class Point(NamedTuple):
    """One point of a curve."""

    curve: str
    at: int
    cell: Cell


class Heard(NamedTuple):
    """What one client beside a crowd hears: milliseconds of its good answers and of its refusals, what the last of these
    said of coming back, and how often it heard nothing.
    """

    good: list[float]
    refused: list[float]
    retry_after: str | None
    unheard: int


class Overload(NamedTuple):
    """What a crowd hears, what a client beside it hears, and what a few hear before and afterwards."""

    before: float
    good: float
    refused: float
    broken: int
    heard: Heard
    afterwards: float


class Probe(threading.Thread):
    """Asks one request after the other beside a crowd."""

    def __init__(self, port: int, request: Request) -> None:
        super().__init__(daemon=True)
        self._port, self._request = port, request
        self.good: list[float] = []
        self.refused: list[float] = []
        self.retry_after: str | None = None
        self.unheard = 0

    def run(self) -> None:
        """For some seconds."""
        until = time.monotonic() + _ASKED
        while time.monotonic() < until:
            self._ask()
            time.sleep(_PAUSE)

    def _ask(self) -> None:
        begun = time.perf_counter()
        try:
            answer_of(self._port, self._request)
        except urllib.error.HTTPError as refused:
            self.refused.append(_since(begun))
            self.retry_after = f"{refused.code}, Retry-After {refused.headers.get('retry-after')}"
        except OSError:
            self.unheard += 1
        else:
            self.good.append(_since(begun))


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


class Growing(NamedTuple):
    """What curves are measured with: one server, asked for operations of many grounds."""

    bench: Bench
    contender: Contender
    server: Server
    seconds: float
    look: asyncpg.Connection

    async def curves(self, grounds: Sequence[Ground], neighbours: Sequence[Ground]) -> list[Point]:
        """By the tickets in the account, by its stages, by the accounts that are asked in turn, and by how many ask at
        once.
        """
        home = grounds[0]
        alike = {each.size.tickets: [each] for each in grounds if each.size.stages == home.size.stages}
        by_stages = {each.size.stages: [each] for each in grounds[1:]}
        crowds = {many: neighbours[:many] for many in sorted({1, 2, 5, len(neighbours)})}
        points = [point for name in _BY_TICKETS for point in await self._curve("tickets", name, alike)]
        points += await self._curve("stages", "board", by_stages)
        points += await self._curve("accounts", "board", crowds)
        for many in CONCURRENCY:
            points += await self._curve("at once", "board", {many: [home]}, many)
        return points

    async def _curve(
        self, curve: str, name: str, along: Mapping[int, Sequence[Ground]], connections: int = _CONNECTIONS
    ) -> list[Point]:
        """The points in turn, slice after slice, so that what else the machine does meets all alike."""
        await settled(self.look)
        points = [Point(curve, at, Cell(name, self.contender.name)) for at in sorted(along)]
        for turn in range(-1, _SLICES):
            for point in points:
                self._slice(point, along[point.at], connections, counted=turn >= 0)
        return points

    def _slice(self, point: Point, grounds: Sequence[Ground], connections: int, *, counted: bool) -> None:
        name = point.cell.operation
        requests = [
            request for ground in grounds
            for request in self.contender.requests(operations(ground)[name], ground.admin)
        ]  # fmt: skip
        self.bench.slice(
            point.cell, self.contender, self.server, operations(grounds[0])[name], requests,
            connections=connections, seconds=self.seconds if counted else 1, counted=counted, look=True,
        )  # fmt: skip


def overload(bench: Bench, contender: Contender, server: Server, ground: Ground, seconds: float) -> Overload:
    """A crowd asks for boards; a few ask before and afterwards."""
    operation, cell = operations(ground)["board"], Cell("board", contender.name)
    requests = contender.requests(operation, ground.admin)

    def ask(connections: int, length: float) -> Tally:
        return bench.slice(
            cell, contender, server, operation, requests,
            connections=connections, seconds=length, counted=False, look=True,
        )  # fmt: skip

    before = ask(_CONNECTIONS, seconds)
    probe = Probe(server.port, requests[0])
    probe.start()
    crowd = ask(CROWD, _ASKED + seconds)
    probe.join()
    good = crowd.answers - crowd.refused - crowd.wrong
    heard = Heard(probe.good, probe.refused, probe.retry_after, probe.unheard)
    broken = crowd.broken + crowd.wrong
    afterwards = ask(_CONNECTIONS, seconds)
    return Overload(before.p50, good / crowd.seconds, crowd.refused / crowd.seconds, broken, heard, afterwards.p50)
