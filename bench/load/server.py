"""Servers to be measured, as child processes: started on a free port, waited for, stopped in the end."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.errors import CannotMeasure

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0
_GLANCE = 0.05


class Server(NamedTuple):
    """A server that listens."""

    pid: int
    port: int


@contextmanager
def serving(name: str, command: Sequence[str], environment: Mapping[str, str], logs: Path) -> Iterator[Server]:
    """Run a command, in which PORT stands for a free port, for the length of the block."""
    port = _free_port()
    filled = [str(port) if word == "PORT" else word for word in command]
    with running(name, filled, {"PORT": str(port)} | dict(environment), logs) as process:
        _wait(process, port, name, logs / f"{name}.log")
        yield Server(process.pid, port)


@contextmanager
def running(
    name: str, command: Sequence[str], environment: Mapping[str, str], logs: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command for the length of the block."""
    with (logs / f"{name}.log").open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_clean(os.environ) | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Without settings that would lead a server elsewhere."""
    leading = ("SLUICEGATE_", "DATABASE_URL", "PG")
    return {name: value for name, value in environment.items() if not name.startswith(leading)}


def _wait(process: subprocess.Popen[bytes], port: int, name: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(_GLANCE)
    last = log.read_text(errors="replace").strip().splitlines()[-3:]
    raise CannotMeasure(f"{name} did not start: {' '.join(last)}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
