"""`serve --workers`: several processes on one port and one embedded database, watched, and gone when they are to be."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.process import Running, serving

PATIENCE = 60.0


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Running]:
    """A server of two processes, with a database of its own."""
    tmp_path.parent.chmod(0o711)
    tmp_path.chmod(0o711)
    with serving("--no-demo", "--workers", "2", "--data-dir", tmp_path / "data") as running:
        yield running


def until(done: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def beside(running: Running) -> set[int]:
    """The processes that serve beside the one that was started."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = entry.read_text().partition(" (")
        except (FileNotFoundError, ProcessLookupError):
            continue
        parent = int(rest.rpartition(") ")[2].split()[1])
        words = Path("/proc", pid, "cmdline").read_bytes().split(b"\0") if parent == running.process.pid else []
        if b"serve-beside" in words:
            found.add(int(pid))
    return found


def is_gone(pid: int) -> bool:
    return not Path("/proc", str(pid)).exists()


def answers(running: Running) -> bool:
    try:
        return running.get("/readyz").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


def test_it_greets_once_when_all_serve_and_nothing_is_left_when_it_is_stopped(two: Running) -> None:
    serving_now = beside(two)

    assert len(serving_now) == 2
    assert len(re.findall("Serving on", two.greeting)) == 1
    assert answers(two)
    assert two.end(signal.SIGTERM) == (0, "Stopped.\n")
    assert all(map(is_gone, serving_now))


def test_a_process_that_dies_is_replaced_and_the_port_goes_on_answering(two: Running) -> None:
    before = beside(two)
    killed = min(before)

    os.kill(killed, signal.SIGKILL)
    until(lambda: len(beside(two) - before) == 1)
    until(lambda: answers(two))

    code, said = two.end(signal.SIGINT)
    assert (code, "a server process died and is started again" in said) == (0, True)


def test_when_whoever_watches_is_killed_the_processes_end_by_themselves(two: Running) -> None:
    orphans = beside(two)

    two.process.kill()
    two.process.wait(PATIENCE)

    until(lambda: all(map(is_gone, orphans)))
