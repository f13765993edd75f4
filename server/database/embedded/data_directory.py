"""Where a cluster lives: in the data directory, or under /var/lib where its user cannot reach that.

Everything here follows from the data directory, so that two commands given the same one meet.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import NamedTuple

from server.database.embedded.system_user import SystemUser, choose
from server.errors import CannotStart

SHARED_HOME = Path("/var/lib/sluicegate")
PORT = 5432  # only a part of the socket's name: no port is opened
_LONGEST_SOCKET = 103  # bytes: macOS's limit; Linux has 107


class Place(NamedTuple):
    """The home of a cluster and the user it belongs to."""

    home: Path
    user: SystemUser

    @property
    def data(self) -> Path:
        """PostgreSQL's own directory; it is there only once it is complete."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """What PostgreSQL has to say."""
        return self.home / "postgres.log"

    @property
    def users(self) -> Path:
        """Lock: shared by whoever uses the cluster; the keeper waits to have it alone."""
        return self.home / "users.lock"

    @property
    def alive(self) -> Path:
        """Lock: held by the keeper and by every process of PostgreSQL."""
        return self.home / "alive.lock"

    @property
    def starting(self) -> Path:
        """Lock: held by the one that makes or starts the cluster."""
        return self.home / "starting.lock"

    @property
    def socket(self) -> Path:
        """The directory of the socket: beside the data, or in the directory for temporary files if that is too long."""
        beside = self.home / "socket"
        if len(os.fsencode(socket_file(beside))) <= _LONGEST_SOCKET:
            return beside
        return Path(tempfile.gettempdir()) / f"sluicegate-{self.user.uid}-{_key(self.home)}"


def socket_file(directory: Path) -> Path:
    """The socket that PostgreSQL makes in its directory."""
    return directory / f".s.PGSQL.{PORT}"


def settle(data_dir: Path, *, shared_home: Path = SHARED_HOME) -> Place:
    """Find or make the home of the cluster of a data directory; CannotStart where we may not."""
    data_dir = data_dir.resolve()
    try:
        # The cluster's user must be able to pass through root's directories.
        make_directory(data_dir, 0o700 if os.geteuid() else 0o711)
        place = Place(data_dir, choose(data_dir / "postgres"))
        if not place.user.reaches(data_dir):
            home = shared_home / _key(data_dir)
            make_directory(shared_home, 0o711)
            make_directory(home, 0o711)
            place = Place(home, choose(home / "postgres"))
    except OSError as error:
        raise CannotStart(
            f"{error.filename} cannot be used, {error.strerror}: run as its owner or name another --data-dir."
        ) from None
    return place


def make_directory(directory: Path, mode: int) -> None:
    """Make a directory of ours with this mode, unless it is there; PermissionError where we may not write into it."""
    if not directory.is_dir():
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(mode)
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(1, "it belongs to somebody else", str(directory))


def own_directory(directory: Path, user: SystemUser) -> None:
    """Make a directory that only the cluster's user can enter; CannotStart where something else is in its place."""
    directory.mkdir(mode=0o700, exist_ok=True)
    facts = directory.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {user.uid, os.geteuid()}:
        raise CannotStart(f"{directory} is not the database's own directory: remove it.")
    directory.chmod(0o700)
    user.own(directory)


def _key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
