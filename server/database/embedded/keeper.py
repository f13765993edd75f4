"""Runs one `postgres` for as long as anybody uses it; a script of its own, with nothing but the standard library.

Whoever uses the cluster holds a shared lock on `users`. The kernel drops it when they end, by whatever signal, so the
exclusive lock that is waited for here comes exactly when the last of them has gone. `postgres` inherits `alive`, which
is locked: as long as one of its processes is there, nobody takes the cluster for stopped.

    python -I -S keeper.py USERS_FD ALIVE_FD UID GID COMMAND…      (UID and GID: - to stay who we are)
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

_PR_SET_PDEATHSIG = 1
_PATIENCE = 60  # seconds for an orderly stop; after that PostgreSQL quits at once and recovers when next started


def _die_with_the_keeper() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _start(alive: int, uid: str, gid: str, command: list[str]) -> "subprocess.Popen[bytes]":
    # The death signal comes when the thread that spawned ends, so this must be the main one.
    other_user: dict[str, Any] = {} if uid == "-" else {"user": int(uid), "group": int(gid), "extra_groups": []}
    return subprocess.Popen(  # noqa: S603 (the command is ours)
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        pass_fds=(alive,),
        preexec_fn=_die_with_the_keeper,
        **other_user,
    )


def _end_with(postgres: "subprocess.Popen[bytes]") -> None:
    os._exit(postgres.wait() and 1)


def main(users: int, alive: int, uid: str, gid: str, command: list[str]) -> None:
    """Start, wait until nobody is left, stop; ends at once when `postgres` ends by itself."""
    if os.fork():
        os._exit(0)
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A handler and not SIG_IGN, which `postgres` would inherit.
        signal.signal(ignored, lambda *_: None)
    postgres = _start(alive, uid, gid, command)
    threading.Thread(target=_end_with, args=(postgres,), daemon=True).start()
    fcntl.flock(users, fcntl.LOCK_EX)
    postgres.send_signal(signal.SIGINT)
    time.sleep(_PATIENCE)
    postgres.send_signal(signal.SIGQUIT)
    time.sleep(_PATIENCE)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5:])
