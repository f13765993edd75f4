"""The load generator: wrk, from the path or unpacked from Debian's packages, with a script that says what to send.

wrk costs a few hundredths of a millisecond for a request, so on a small machine it takes little from whom it measures.
"""

import json
import os
import resource
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.errors import CannotMeasure

_SCRIPT = Path(__file__).with_name("requests.lua")
_PACKAGES = ("wrk", "libluajit-5.1-2", "libluajit-5.1-common")
_OTHER_FILES = 256
_PATIENCE = 60  # seconds past the end of a slice


class Request(NamedTuple):
    """One POST of JSON."""

    path: str
    token: str
    body: bytes


class Tally(NamedTuple):
    """What one slice brought: answers, their latencies in milliseconds, and how many were not as they should be.

    `refused` are those with status 503 or 429, which are fast and no answers; `wrong` any other that is not a good one.
    """

    seconds: float
    answers: int
    bytes: int
    p50: float
    p99: float
    most: float
    refused: int
    wrong: int
    broken: int

    @property
    def rate(self) -> float:
        """Good answers in a second."""
        return (self.answers - self.refused - self.wrong) / self.seconds


class Generator(NamedTuple):
    """wrk, as it can be run here."""

    program: Path
    environment: dict[str, str]

    def run(
        self, port: int, requests: Sequence[Request], scratch: Path, *, connections: int, seconds: float, look: bool
    ) -> Tally:
        """Send the requests in turn for some seconds, over that many connections, each waiting for its answer.

        With `look` the text of every answer is searched for errors; without, statuses alone are counted.
        """
        _allow_files(connections)
        sent = scratch / "requests.txt"
        sent.write_bytes(b"".join(_line(request) for request in requests))
        command = [
            str(self.program), "-t", "1", "-c", str(connections), "-d", f"{max(1, round(seconds))}s", "--timeout", "30s",
            "-s", str(_SCRIPT), f"http://127.0.0.1:{port}", "--", str(sent), "look" if look else "trust",
        ]  # fmt: skip
        ran = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=seconds + _PATIENCE, check=False
        )
        lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
        if not lines:
            raise CannotMeasure(f"wrk said: {(ran.stderr or ran.stdout).strip()}")
        return Tally(**json.loads(lines[-1]))


def _allow_files(connections: int) -> None:
    """Let us, and whom we start, have as many sockets open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHER_FILES
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def _line(request: Request) -> bytes:
    return b"\t".join((request.path.encode(), request.token.encode(), request.body)) + b"\n"


def find_generator(cache: Path) -> Generator:
    """wrk on the path, or unpacked into the cache; CannotMeasure says how to get it."""
    found = shutil.which("wrk")
    if found:
        return Generator(Path(found), dict(os.environ))
    unpacked = cache / "wrk"
    program = unpacked / "usr" / "bin" / "wrk"
    if not program.exists():
        _unpack(unpacked)
    libraries = unpacked / "usr" / "lib" / (sysconfig.get_config_var("MULTIARCH") or "")
    return Generator(program, os.environ | {"LD_LIBRARY_PATH": str(libraries)})


def _unpack(target: Path) -> None:
    """Download Debian's packages of wrk, which takes no rights, and unpack them without installing."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise CannotMeasure("The load generator is wrk: install it (brew install wrk, dnf install wrk).")
    target.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(
        ["apt-get", "-qq", "download", *_PACKAGES], cwd=target, capture_output=True, text=True, check=False
    )
    for package in target.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), str(target)], check=True)
    if not (target / "usr" / "bin" / "wrk").exists():
        raise CannotMeasure(f"wrk cannot be downloaded, try `apt-get update` or install it: {got.stderr.strip()}")
