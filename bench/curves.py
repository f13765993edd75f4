"""How the cost of a board grows, and what happens past what the server takes."""

import threading
import time
import urllib.error
from collections.abc import Sequence
from typing import NamedTuple

from bench.checking import answer_of
from bench.contenders import Contender
from bench.data.ground import Ground
from bench.load.generator import Request
from bench.load.serving import Server
from bench.operations import operations
from bench.slices import Bench, Cell

CONCURRENCY = (1, 2, 4, 8, 16, 32, 64, 128, 256)
CROWD = 1000  # connections, more than run and wait in line together
_TRIES, _PAUSE = 30, 0.1


class Point(NamedTuple):
    """One point of a curve."""

    curve: str
    at: int
    cell: Cell


class Overload(NamedTuple):
    """What a crowd hears, and what a few hear before and afterwards."""

    before: float
    good: float
    refused: float
    retry_after: str | None
    p50: float
    p99: float
    broken: int
    afterwards: float


class Probe(threading.Thread):
    """Asks beside a crowd until it is refused, and reads when it should come back."""

    def __init__(self, port: int, request: Request) -> None:
        super().__init__(daemon=True)
        self._port, self._request = port, request
        self.retry_after: str | None = None

    def run(self) -> None:
        """Some tries, the first ones before the crowd is there."""
        for _ in range(_TRIES):
            try:
                answer_of(self._port, self._request)
            except urllib.error.HTTPError as refused:
                self.retry_after = f"{refused.code}: {refused.headers.get('retry-after')}"
                return
            except OSError:
                pass
            time.sleep(_PAUSE)


def curves(
    bench: Bench, contender: Contender, server: Server, grounds: Sequence[Ground], seconds: float
) -> list[Point]:
    """Boards by the tickets in the account, by its stages, and by how many ask at once."""
    points = []
    by_tickets = sorted(
        {each.size.tickets: each for each in grounds if each.size.stages == grounds[0].size.stages}.items()
    )
    by_stages = sorted({each.size.stages: each for each in grounds[1:]}.items())
    for curve, found in (("tickets", by_tickets), ("stages", by_stages)):
        for at, ground in found:
            points.append(_point(bench, contender, server, ground, curve, at, 8, seconds))
    at_once = [_point(bench, contender, server, grounds[0], "concurrency", many, many, seconds) for many in CONCURRENCY]
    return points + at_once


def _point(
    bench: Bench, contender: Contender, server: Server, ground: Ground, curve: str, at: int, many: int, seconds: float
) -> Point:
    operation, cell = operations(ground)["board"], Cell("board", contender.name)
    for counted in (False, True):
        length = seconds if counted else 1
        bench.slice(cell, contender, server, operation, ground.admin, connections=many, seconds=length, counted=counted)
    return Point(curve, at, cell)


def overload(bench: Bench, contender: Contender, server: Server, ground: Ground, seconds: float) -> Overload:
    """A crowd asks for boards; a few ask before and afterwards."""
    operation, cell = operations(ground)["board"], Cell("board", contender.name)

    def few() -> float:
        return bench.slice(
            cell, contender, server, operation, ground.admin, connections=8, seconds=seconds, counted=False
        ).p50

    before = few()
    probe = Probe(server.port, contender.requests(operation, ground.admin)[0])
    probe.start()
    crowd = bench.slice(
        cell,
        contender,
        server,
        operation,
        ground.admin,
        connections=CROWD,
        seconds=2 * seconds,
        counted=False,
        look=True,
    )
    probe.join()
    good = crowd.answers - crowd.refused - crowd.wrong
    return Overload(
        before,
        good / crowd.seconds,
        crowd.refused / crowd.seconds,
        probe.retry_after,
        crowd.p50,
        crowd.p99,
        crowd.broken + crowd.wrong,
        few(),
    )
