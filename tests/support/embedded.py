"""Watching an embedded cluster from outside: who uses it, whether it has ended, and what it answers to a role."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from server.database.embedded import Cluster, locks
from server.database.embedded.data_directory import settle, socket_file

USE = """
import sys
from pathlib import Path
from server.database.embedded import embedded
with embedded(Path(sys.argv[1])) as cluster:
    print(cluster.made, cluster.started, flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that uses the cluster until its input is closed."""
    with subprocess.Popen(  # noqa: S603 (Python itself)
        [sys.executable, "-c", USE, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def said(process: "subprocess.Popen[str]") -> str:
    """Its next line: whether it made, and whether it started the cluster."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def is_gone(data_dir: Path, within: float = 10, *, socket_too: bool = True) -> bool:
    """Whether every process of the cluster ends."""
    deadline = time.monotonic() + within
    place = settle(data_dir)
    while time.monotonic() < deadline:
        if locks.is_free(place.alive):
            return not socket_too or not socket_file(place.socket).exists()
        time.sleep(0.02)
    return False


async def asked(cluster: Cluster, role: str, question: str) -> object:
    """The answer of the database to a role."""
    connection = await asyncpg.connect(cluster.url(role))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()
