"""Locks between processes on whole files (flock): the kernel drops them when their holder ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.errors import CannotStart


def open_lock(path: Path) -> int:
    """A descriptor of its own on the file of a lock, not yet locked; closing it unlocks."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise CannotStart(f"{path} belongs to another user: run as that user, or name another --data-dir.") from None


@contextmanager
def held(path: Path, *, shared: bool = False) -> Iterator[int]:
    """Hold the lock during the block, after waiting for whoever has it; a child given the descriptor holds it too."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def take(path: Path) -> int | None:
    """The locked descriptor, or None where somebody else holds the lock."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_free(path: Path, *, shared: bool = False) -> bool:
    """Whether the lock could be had at this moment."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
