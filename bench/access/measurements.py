"""Measuring requests of a real server, cell by cell in turns, so that what else the machine does meets all alike."""

import time
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles
from typing import Any

import httpx

from bench.load.costs import Cpu, clocks_of

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
    cpu: Cpu = field(default_factory=Cpu)

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
        return self.cpu.server / len(self.seconds)

    @property
    def database(self) -> float:
        """Milliseconds of CPU of the database's backends for a request."""
        return self.cpu.database / len(self.seconds)


class Meter:
    """Sends the requests of cells, one after the other, and notes what each cost."""

    def __init__(self, url: str, server: int, postmaster: int) -> None:
        self._http = httpx.Client(base_url=url, timeout=60)
        self._server, self._postmaster = server, postmaster

    def measure(self, cells: list[Cell], rounds: int, batch: int) -> None:
        """So many rounds; in each a batch of every cell, in an order of its own, so that none always follows the same."""
        for cell in cells:
            self._send(cell, batch, counted=False)
        order = Random(1)  # noqa: S311 (an order, no secret)
        for _ in range(rounds):
            for cell in order.sample(cells, len(cells)):
                before = clocks_of(self._server, self._postmaster)
                self._send(cell, batch, counted=True)
                cell.cpu = cell.cpu.and_more(clocks_of(self._server, self._postmaster).since(before))

    def _send(self, cell: Cell, count: int, *, counted: bool) -> None:
        headers = {"authorization": f"Bearer {cell.token}"}
        for number in range(count):
            body = cell.requests[(len(cell.seconds) + number * (not counted)) % len(cell.requests)]
            begun = time.perf_counter()
            response = self._http.post("/graphql", json=body, headers=headers)
            took = time.perf_counter() - begun
            self._check(cell, response)
            if counted:
                cell.seconds.append(took)

    def _check(self, cell: Cell, response: httpx.Response) -> None:
        said = response.text
        if response.status_code != 200 or '"errors"' in said or '"code":"' in said.replace('"code":null', ""):
            raise RuntimeError(f"{cell.operation} as {cell.actor} went wrong: {said[:500]}")

    def close(self) -> None:
        """Close the connection."""
        self._http.close()
