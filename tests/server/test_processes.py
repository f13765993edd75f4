"""Several processes serve on the same sockets with one embedded database, and end together, however they end."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from server.database.embedded import SUPERUSER, embedded, locks
from server.database.embedded.data_directory import settle
from tests.support.cluster import scratch
from tests.support.process import Running, command, serving

COUNT = 3


@pytest.fixture(scope="module")
def data_dir() -> Path:
    """One data directory for the tests of this file."""
    return scratch("processes")


@pytest.fixture
def server(data_dir: Path) -> Iterator[Running]:
    """Three processes that serve, and the one that watches over them."""
    with serving("--no-demo", "--workers", str(COUNT), "--data-dir", data_dir) as running:
        yield running


def until(true: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children(server: Running) -> list[int]:
    """The processes that serve."""
    listed = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(each) for each in listed.read_text().split()]


def alive(process: int) -> bool:
    """Whether it runs, and is not merely waiting to be buried."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def connected(server: Running) -> list[httpx.Client]:
    """Clients that each keep a connection open, more than any one process would be given alone."""
    clients = [httpx.Client(base_url=server.url, timeout=30) for _ in range(4 * COUNT)]
    for client in clients:
        assert client.get("/readyz").status_code == 200
    return clients


pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this machine has no /proc")


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_they_start_as_one_and_stop_when_one_is_asked(server: Running, data_dir: Path, asked: int) -> None:
    there = children(server)
    clients = connected(server)

    status, rest = server.end(asked)

    assert len(there) == COUNT
    assert (status, rest.splitlines()[-1]) == (0, "Stopped.")
    assert not any(alive(each) for each in there)
    assert locks.is_free(settle(data_dir).alive)
    for client in clients:
        client.close()


def test_one_that_dies_is_replaced_and_the_others_serve_on(server: Running) -> None:
    before = children(server)
    for client in connected(server):
        client.close()

    os.kill(before[0], signal.SIGKILL)
    answered = [httpx.get(f"{server.url}/readyz", timeout=30).status_code for _ in range(20)]
    until(lambda: len(children(server)) == COUNT and before[0] not in children(server))
    after = children(server)
    _, rest = server.end(signal.SIGTERM)

    assert answered == [200] * 20
    assert set(before[1:]) < set(after)
    assert "a server process ended and is replaced" in rest


def test_where_the_watching_one_is_killed_nothing_is_left(server: Running, data_dir: Path) -> None:
    there = children(server)

    server.process.send_signal(signal.SIGKILL)

    until(lambda: not any(alive(each) for each in there))
    until(lambda: locks.is_free(settle(data_dir).alive))


async def test_the_worker_runs_again_where_its_process_was_killed(server: Running, data_dir: Path) -> None:
    os.kill(children(server)[0], signal.SIGKILL)

    made = command("demo", "--tickets", "3", "--data-dir", data_dir)

    assert made.returncode == 0, made.stderr
    with embedded(data_dir) as cluster:
        connection = await asyncpg.connect(cluster.url(SUPERUSER))
        try:
            while await connection.fetchval("SELECT count(*) FROM outbox"):  # noqa: ASYNC110 (nobody announces it)
                await asyncio.sleep(0.05)
            assert await connection.fetchval("SELECT count(*) FROM journal_entry") > 3
        finally:
            await connection.close()


def test_a_port_that_is_taken_is_told_once(server: Running, data_dir: Path) -> None:
    port = server.url.rpartition(":")[2]

    refused = command("serve", "--port", port, "--workers", "2", "--data-dir", data_dir)

    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
