"""Which user of the machine `postgres` runs as, and what that user can reach.

PostgreSQL refuses to run as root, so root drops to an ordinary user; anybody else runs it as themselves.
"""

import os
import pwd
import stat
from pathlib import Path
from typing import Any, NamedTuple

from server.errors import CannotStart

_ORDINARY = ("postgres", "nobody")


class SystemUser(NamedTuple):
    """The user and group that the processes of the cluster have; `dropped` when we are root and they are not."""

    uid: int
    gid: int
    dropped: bool

    def spawning(self) -> dict[str, Any]:
        """What `subprocess` needs to be told so that a child runs as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}

    def own(self, path: Path) -> None:
        """Give the user a file or directory of ours."""
        if self.dropped:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether the user may enter `path` (or run it, if it is a file) and every directory above it, by mode bits."""
        return not self.dropped or all(self._may_enter(each) for each in (path, *path.parents))

    def _may_enter(self, path: Path) -> bool:
        facts = path.stat()
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & stat.S_IXUSR)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & stat.S_IXGRP)
        return bool(facts.st_mode & stat.S_IXOTH)


def choose(existing: Path) -> SystemUser:
    """The user for a cluster: whoever owns the one that exists, else ourselves, else (for root) an ordinary user."""
    if os.geteuid() != 0:
        return SystemUser(os.geteuid(), os.getegid(), dropped=False)
    if existing.exists() and (owner := existing.stat()).st_uid != 0:
        return SystemUser(owner.st_uid, owner.st_gid, dropped=True)
    for name in _ORDINARY:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(entry.pw_uid, entry.pw_gid, dropped=True)
    raise CannotStart("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")
