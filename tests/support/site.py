"""One installation as an operator has it: a data directory, and `serve` on it over a real socket.

It can be killed and started again. What it says goes to files, so that it never waits for a reader; its PostgreSQL is
the embedded one as it is shipped, which forgets nothing (fsync is on).
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import asyncpg
import httpx

from server.database.embedded import SUPERUSER, Cluster, locks
from server.database.embedded.data_directory import Place, settle
from tests.support.client import Client
from tests.support.cluster import scratch
from tests.support.process import ROOT, command, environment

_PATIENCE = 120.0  # seconds; only what has failed takes so long
_GLANCE, _SHORT_GLANCE = 0.02, 0.001
_COMPLAINT = re.compile(r'"level":"(warning|error|critical)"|Traceback|Warning|Error')

Found = TypeVar("Found")


class Process:
    """One of our commands that runs until it is ended; what it says and what it logs is kept in two files."""

    def __init__(self, home: Path, *arguments: str | Path) -> None:
        self._said, self._logged = home / f"{arguments[0]}.out", home / f"{arguments[0]}.err"
        with self._said.open("ab") as said, self._logged.open("ab") as logged:
            self._before = self._said.stat().st_size
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                [sys.executable, "-m", "server", *map(str, arguments)],
                cwd=ROOT,
                env=environment({}),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=logged,
            )

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def said(self) -> str:
        """What it has told on standard output since it was started."""
        return self._said.read_bytes()[self._before :].decode()

    @property
    def complaints(self) -> list[str]:
        """What it, and those before it in the same place, have logged as a warning or worse."""
        return [line for line in self._logged.read_text().splitlines() if _COMPLAINT.search(line)]

    def end(self, how: int) -> int:
        """Send it a signal; its exit status."""
        self._process.send_signal(how)
        return self._process.wait(_PATIENCE)

    def until_said(self, pattern: str) -> re.Match[str]:
        """Wait until it has said something."""

        def look() -> re.Match[str] | None:
            assert self.is_running, self.said + self._logged.read_text()
            return re.search(pattern, self.said)

        return wait_for(look)


class Site:
    """A data directory and the server on it; `url` and `greeting` are those of the last start."""

    def __init__(self, *options: str) -> None:
        self.home = scratch("site")
        self.data_dir = self.home / "data"
        self.url = ""
        self.greeting = ""
        self._options = options
        self._server: Process | None = None
        self._started: list[Process] = []

    @property
    def server(self) -> Process:
        """The process that was started last."""
        assert self._server is not None
        return self._server

    @property
    def place(self) -> Place:
        """Where its PostgreSQL lives."""
        return settle(self.data_dir)

    def start(self) -> None:
        """Start the server on a port that nobody has, and wait until it is ready."""
        self._server = self.run("serve", "--port", "0", *self._options)
        self.url = self._server.until_said(r"http://[\d.]+:\d+(?=/graphql)").group()
        self.greeting = self._server.said
        assert httpx.get(f"{self.url}/readyz", timeout=_PATIENCE).status_code == 200

    def run(self, name: str, *arguments: str) -> Process:
        """Start a command on the data directory."""
        self._started.append(Process(self.home, name, *arguments, "--data-dir", self.data_dir))
        return self._started[-1]

    def command(self, name: str, *arguments: str) -> str:
        """What a command says that is run on the data directory to its end, and succeeds."""
        done = command(name, *arguments, "--data-dir", self.data_dir)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kill(self) -> None:
        """End the server at once, without a chance to put anything in order."""
        self.server.end(signal.SIGKILL)

    def kill_everything(self) -> None:
        """End the server and its PostgreSQL at once, so that the next start has to recover."""
        postmaster = int((self.place.data / "postmaster.pid").read_text().split()[0])
        self.kill()
        with suppress(ProcessLookupError):  # it may have been stopped by its keeper meanwhile
            os.kill(postmaster, signal.SIGKILL)

    def wait_until_gone(self) -> None:
        """Return when no process of PostgreSQL is left."""
        wait_for(lambda: locks.is_free(self.place.alive) or None)

    @property
    def alarms(self) -> list[str]:
        """What PostgreSQL has logged that nobody's end explains."""
        return [
            line for line in self.place.log.read_text().splitlines() if re.search(r" (ERROR|PANIC|WARNING): ", line)
        ]

    def close(self) -> None:
        """Leave nothing running, whatever happened."""
        for each in self._started:
            if each.is_running:
                each.end(signal.SIGKILL)
        self.wait_until_gone()

    async def connect(self) -> asyncpg.Connection:
        """The database as its superuser sees it, past every wall; to be closed by who asked for it."""
        return await asyncpg.connect(Cluster(self.place, self.place.socket, made=False, started=False).url(SUPERUSER))

    def client(self, token: str | None = None) -> Client:
        """A client with connections of its own; its `http` is to be closed."""
        return Client(httpx.AsyncClient(base_url=self.url, timeout=_PATIENCE), token)

    def token(self, email: str) -> str:
        """A bearer token from the command line."""
        return self.command("token", email).strip()


@contextmanager
def site(*options: str) -> Iterator[Site]:
    """A running installation for the length of the block."""
    made = Site(*options)
    try:
        made.start()
        yield made
    finally:
        made.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return as soon as something is so."""
    async with asyncio.timeout(_PATIENCE):
        while not await condition():  # noqa: ASYNC110 (nobody would set an event)
            await asyncio.sleep(_SHORT_GLANCE)


def wait_for(look: Callable[[], Found | None]) -> Found:
    """What is there to be seen, as soon as it is."""
    deadline = time.monotonic() + _PATIENCE
    while (found := look()) is None:
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(_GLANCE)
    return found
