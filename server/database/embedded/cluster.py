"""Using a cluster: start it, or join whoever started it, and leave; the last to leave stops it.

Every user holds the lock `users` (see keeper.py), so it does not matter who started, who ends first, or how.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

from server.database.embedded import binaries, initdb, locks
from server.database.embedded.data_directory import PORT, Place, own_directory, settle, socket_file
from server.errors import CannotStart

TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "jit": "off",
}
_PYTHON = str(Path(sys.executable).absolute())
_KEEPER = Path(__file__).with_name("keeper.py")
_PATIENCE = 120.0  # seconds for a start; recovery after a crash is part of it
_GLANCE = 0.02
_SOCKET_LINE, _STATUS_LINE = 5, 8  # of postmaster.pid
_FULL_LOG = 10_000_000  # bytes


class Cluster(NamedTuple):
    """A running cluster, for as long as the block lasts; `made` and `started` tell what had to be done for it."""

    place: Place
    socket: Path
    made: bool
    started: bool

    def url(self, role: str, database: str = initdb.DATABASE) -> str:
        """The address of a database for a role."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}&port={PORT}"


@contextmanager
def embedded(
    data_dir: Path, *, tuning: Mapping[str, str] | None = None, programs: Path | None = None
) -> Iterator[Cluster]:
    """Use the cluster of a data directory during the block; CannotStart when it cannot be made or started."""
    place = settle(data_dir)
    programs = programs or binaries.of_the_wheel(place.user)
    try:
        with locks.held(place.users, shared=True):
            with locks.held(place.starting) as starting:
                made = initdb.found(place, programs, starting)
                started = _start_or_join(place, programs, TUNING | dict(tuning or {}))
            yield Cluster(place, _directory_in_use(place), made, started)
    finally:
        _see_it_stop(place)


def _start_or_join(place: Place, programs: Path, tuning: Mapping[str, str]) -> bool:
    spoke_before: int | None = None
    deadline = time.monotonic() + _PATIENCE
    while True:
        alive = locks.take(place.alive)
        if alive is not None:
            try:
                if spoke_before is not None:
                    raise CannotStart(
                        f"PostgreSQL did not start: {_last_words(place, spoke_before)} (see {place.log})."
                    )
                if _answers(place):
                    raise CannotStart(f"Something else has started PostgreSQL on {place.data}: stop it first.")
                spoke_before = _spawn(place, programs, tuning, alive)
            finally:
                os.close(alive)
        elif _answers(place):
            return spoke_before is not None
        if time.monotonic() > deadline:
            raise CannotStart(f"PostgreSQL did not answer within {_PATIENCE:.0f} seconds (see {place.log}).")
        time.sleep(_GLANCE)


def _spawn(place: Place, programs: Path, tuning: Mapping[str, str], alive: int) -> int:
    # No process of the cluster is left, or `alive` would be locked: what a killed one left behind is only in the way
    # (its process number may be somebody else's by now, and PostgreSQL would wait for that one for ever).
    own_directory(place.socket, place.user)
    for stale in (place.data / "postmaster.pid", socket_file(place.socket), Path(f"{socket_file(place.socket)}.lock")):
        stale.unlink(missing_ok=True)
    command = [str(programs / "postgres"), "-D", str(place.data), "-k", str(place.socket), "-p", str(PORT)]
    for name, value in tuning.items():
        command += ["-c", f"{name}={value}"]
    user = (str(place.user.uid), str(place.user.gid)) if place.user.dropped else ("-", "-")
    users = locks.open_lock(place.users)
    try:
        with _log_file(place) as log:
            spoke_before = log.tell()
            subprocess.run(  # noqa: S603 (the command is ours)
                [
                    str(Path(sys.executable).absolute()),
                    "-I",
                    "-S",
                    str(_KEEPER),
                    str(users),
                    str(alive),
                    *user,
                    *command,
                ],
                check=True,
                cwd="/",
                env=binaries.without_libpq(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(users, alive),
                start_new_session=True,
            )
            return spoke_before
    finally:
        os.close(users)


def _answers(place: Place) -> bool:
    facts = _postmaster(place)
    if len(facts) < _STATUS_LINE or facts[_STATUS_LINE - 1].strip() != "ready":
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(socket_file(Path(facts[_SOCKET_LINE - 1])))) == 0


def _directory_in_use(place: Place) -> Path:
    return Path(_postmaster(place)[_SOCKET_LINE - 1])


def _postmaster(place: Place) -> list[str]:
    try:
        return (place.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _log_file(place: Place) -> IO[str]:
    if place.log.exists() and place.log.stat().st_size > _FULL_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))
    place.log.touch(mode=0o600)
    return place.log.open("a")


def _last_words(place: Place, spoke_before: int) -> str:
    lines = place.log.read_bytes()[spoke_before:].decode(errors="replace").splitlines()
    fatal = [line for line in lines if "FATAL" in line] or lines
    return fatal[-1].rpartition("FATAL:")[2].strip() if fatal else "it said nothing"


def _see_it_stop(place: Place) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not locks.is_free(place.alive) and time.monotonic() < deadline:
        somebody = not locks.is_free(place.users)
        if somebody and locks.is_free(place.users, shared=True):
            return  # others use it (the keeper alone would not share)
        time.sleep(_GLANCE)
