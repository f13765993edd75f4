"""A real `python -m server …` as a child process, with nothing set but what a test sets."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0
# Settings, and what would have each of hundreds of processes compile the program anew.
_LEFT_OUT = ("SLUICEGATE_", "DATABASE_URL", "PYTHONDONTWRITEBYTECODE")


class Running(NamedTuple):
    """A server that answers: its process, where it listens, and what it has said until then."""

    process: "subprocess.Popen[str]"
    url: str
    greeting: str

    def get(self, path: str) -> httpx.Response:
        """The answer to a plain GET."""
        return httpx.get(self.url + path, timeout=10)

    def end(self, signal: int) -> tuple[int, str]:
        """Send a signal; the exit status and everything said from then on."""
        self.process.send_signal(signal)
        rest, _ = self.process.communicate(timeout=_PATIENCE)
        return self.process.returncode, rest


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Our environment with these settings and no others."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    return {**ours, **settings}


def command(*arguments: str | Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "server", *map(str, arguments)],
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )


@contextmanager
def serving(*arguments: str | Path, **settings: str) -> Iterator[Running]:
    """A server on a port that nobody has, for the length of the block; killed at its end unless it has ended before."""
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "server", "serve", "--port", "0", *map(str, arguments)],
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield _greeted(process)
        finally:
            process.kill()


def _greeted(process: "subprocess.Popen[str]") -> Running:
    assert process.stdout is not None
    said = ""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and (line := process.stdout.readline()):
        said += line
        if found := re.search(r"Serving on (http://[^/]+)", line):
            return Running(process, found.group(1), said)
    raise AssertionError(f"The server did not start: {said}")
