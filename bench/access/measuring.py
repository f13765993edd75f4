"""Measuring requests of a real server, cell by cell in turns, so that what else the machine does meets all alike."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

import httpx

PIPELINE = "id label revision stages { id label state } viewerCan { createTicket { allowed code } }"
CARD = "id key subject priority createdAt enteredStageAt revision owner { id name }"
BOARD = f"""query ($pipeline: ID!) {{ board(pipeline: {{id: $pipeline}}, first: 50) {{
  pipeline {{ id label }} stages {{ stage {{ id label state }} totalCount
    cards {{ edges {{ cursor node {{ {CARD} }} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"""
LIST = f"{{ pipelines {{ {PIPELINE} }} }}"
TICKET = f"query ($ticket: ID!) {{ ticket(id: $ticket) {{ {CARD} pipeline {{ id label }} stage {{ id label }} }} }}"
MOVE = """mutation ($ticket: ID!, $stage: ID!) { moveTicket(input: {ticketId: $ticket, stage: {id: $stage}}) {
  ticket { id stage { id } revision } userErrors { code } } }"""


@dataclass
class Cell:
    """One operation of one actor in one account: its requests, how long each took and what the processes worked."""

    operation: str
    actor: str
    account: str
    requests: list[dict[str, Any]]
    token: str
    seconds: list[float] = field(default_factory=list)
    server_cpu: float = 0.0
    database_cpu: float = 0.0
    size: int = 0

    @property
    def median(self) -> float:
        """Milliseconds that half of the requests were answered in."""
        return median(self.seconds) * 1000

    @property
    def p99(self) -> float:
        """Milliseconds that 99 of 100 were."""
        return quantiles(self.seconds, n=100)[98] * 1000

    @property
    def server(self) -> float:
        """Milliseconds of CPU of the server for a request."""
        return self.server_cpu / len(self.seconds) * 1000

    @property
    def database(self) -> float:
        """Milliseconds of CPU of all the database's processes for a request."""
        return self.database_cpu / len(self.seconds) * 1000


@dataclass(frozen=True)
class Processes:
    """The server and the database, by their process numbers; what they worked is read from /proc."""

    server: int
    postmaster: int

    def worked(self) -> tuple[float, float]:
        """Seconds of CPU of the server, and of the database with all its backends, until now."""
        children = f"/proc/{self.postmaster}/task/{self.postmaster}/children"
        backends = [int(each) for each in Path(children).read_text().split()]
        return _seconds([self.server]), _seconds([self.postmaster, *backends])


def _seconds(pids: Iterable[int]) -> float:
    return sum(
        int(task.read_text().split()[0]) / 1e9 for pid in pids for task in Path(f"/proc/{pid}/task").glob("*/schedstat")
    )


class Meter:
    """Sends the requests of cells, one after the other, and notes what each cost."""

    def __init__(self, url: str, processes: Processes) -> None:
        self._http = httpx.Client(base_url=url, timeout=60)
        self._processes = processes

    def measure(self, cells: list[Cell], rounds: int, batch: int) -> None:
        """So many rounds; in each a batch of every cell, in an order of its own, so that none always follows the same."""
        for cell in cells:
            self._send(cell, batch, counted=False)
        order = Random(1)  # noqa: S311 (an order, no secret)
        for _ in range(rounds):
            for cell in order.sample(cells, len(cells)):
                before = self._processes.worked()
                self._send(cell, batch, counted=True)
                after = self._processes.worked()
                cell.server_cpu += after[0] - before[0]
                cell.database_cpu += after[1] - before[1]

    def _send(self, cell: Cell, count: int, *, counted: bool) -> None:
        headers = {"authorization": f"Bearer {cell.token}"}
        for number in range(count):
            body = cell.requests[(len(cell.seconds) + number * (not counted)) % len(cell.requests)]
            begun = time.perf_counter()
            response = self._http.post("/graphql", json=body, headers=headers)
            took = time.perf_counter() - begun
            self._check(cell, response)
            cell.size = len(response.content)
            if counted:
                cell.seconds.append(took)

    def _check(self, cell: Cell, response: httpx.Response) -> None:
        said = response.text
        if response.status_code != 200 or '"errors"' in said or '"code":"' in said.replace('"code":null', ""):
            raise RuntimeError(f"{cell.operation} as {cell.actor} went wrong: {said[:500]}")

    def close(self) -> None:
        """Close the connection."""
        self._http.close()
