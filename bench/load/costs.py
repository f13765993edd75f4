"""What processes cost, read from /proc: time on the processor and memory. Linux alone has it."""

from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")


class Cpu(NamedTuple):
    """Milliseconds of processor that a server and the backends of PostgreSQL have used in some span."""

    server: float = 0.0
    database: float = 0.0

    def and_more(self, more: "Cpu") -> "Cpu":
        """What was used in two spans together."""
        return Cpu(self.server + more.server, self.database + more.database)


class Clocks(NamedTuple):
    """What each process of a server and each backend has used so far, by its number."""

    server: dict[int, float]
    database: dict[int, float]

    def since(self, before: "Clocks") -> Cpu:
        """What was used between two looks; of a process that ended, nothing is known."""
        return Cpu(_more(before.server, self.server), _more(before.database, self.database))


def clocks_of(server: int, postmaster: int) -> Clocks:
    """What a server process with its children, and all backends of a postmaster, have used."""
    return Clocks(
        {pid: _milliseconds(pid) for pid in family(server)},
        {pid: _milliseconds(pid) for pid in children(postmaster) if _is_backend(pid)},
    )


def peak_memory(server: int) -> float:
    """The most memory in MB that a server with its children has had resident."""
    return sum(_peak(pid) for pid in family(server)) / 1024


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    return [pid, *(each for child in children(pid) for each in family(child))]


def children(pid: int) -> list[int]:
    """The processes that a process has started, whichever of its threads did."""
    found: list[int] = []
    for task in (_PROC / str(pid) / "task").glob("*/children"):
        found += map(int, _read(task).split())
    return found


def _more(before: dict[int, float], after: dict[int, float]) -> float:
    # A process that ends between being found and being read is read as nothing.
    return sum(max(0.0, used - before.get(pid, 0.0)) for pid, used in after.items())


def _is_backend(pid: int) -> bool:
    """Whether a process of PostgreSQL serves a client: those that clean up behind it are nobody's."""
    title = _read(_PROC / str(pid) / "cmdline")
    return "[local]" in title


def _milliseconds(pid: int) -> float:
    told = [_read(task) for task in (_PROC / str(pid) / "task").glob("*/schedstat")]
    return sum(int(each.split()[0]) for each in told if each) / 1e6


def _peak(pid: int) -> int:
    lines = [line for line in _read(_PROC / str(pid) / "status").splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) if lines else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
