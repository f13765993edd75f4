"""Several processes that do the same: forked from one that only watches, replaced where one dies, stopped together.

All of them have what was opened before, such as the sockets, which the kernel hands to whoever takes a connection
first. Whoever watches may be killed: the others notice, and end in order.
"""

import asyncio
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import NamedTuple

import structlog

from server.errors import CannotStart
from server.http.signals import SIGNALS

log = structlog.get_logger(__name__)

_PATIENCE = 15.0  # seconds from being asked to stop to being killed; requests under way have ten of them
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds before one that died young is replaced


class Place(NamedTuple):
    """What one of the processes knows of itself: its number, from 0 on, and its two pipes."""

    number: int
    tell: int
    lifeline: int

    def ready(self) -> None:
        """Tell that the work can be done now."""
        os.write(self.tell, bytes([self.number]))

    def heed(self, stop: asyncio.Event) -> None:
        """Set the event once nobody watches any more."""
        loop = asyncio.get_running_loop()

        def alone() -> None:
            loop.remove_reader(self.lifeline)
            stop.set()

        loop.add_reader(self.lifeline, alone)


@dataclass
class _Slot:
    number: int
    process: int | None = None
    began: float = 0.0
    pause: float = 0.0

    @property
    def due(self) -> float:
        """When it may begin again."""
        return self.began + self.pause if self.process is None else float("inf")


class Processes:
    """So many processes that each do `work`; `ready` is called once all of them are."""

    def __init__(self, count: int, work: Callable[[Place], None], ready: Callable[[], None]) -> None:
        if not hasattr(os, "fork"):
            raise CannotStart("Several processes need Linux or macOS: leave out --workers.")
        self._slots = [_Slot(number) for number in range(count)]
        self._work = work
        self._ready = ready
        self._awaited = set(range(count))
        self._asked = False

    def run(self) -> None:
        """Keep them running until a signal asks to stop; CannotStart where one ends before all are ready."""
        self._lifeline, self._hold = os.pipe()
        self._told, self._tell = os.pipe()
        self._woken, self._wake = socket.socketpair()
        for end in (self._woken, self._wake):
            end.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for each in (*SIGNALS, signal.SIGCHLD):
            signal.signal(each, self._heard)
        greeted = False
        try:
            while not self._asked:
                self._begin()
                self._wait(min(slot.due for slot in self._slots))
                greeted = greeted or self._greet()
                self._bury()
        finally:
            self._end()

    def _heard(self, number: int, _: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._asked = True
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _begin(self) -> None:
        for slot in self._slots:
            if slot.due <= time.monotonic():
                slot.process, slot.began = self._fork(slot.number), time.monotonic()

    def _fork(self, number: int) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        # What is sent to the new process meanwhile waits until it no longer has our handlers.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        process = os.fork()
        if process == 0:
            self._live(Place(number, self._tell, self._lifeline), before)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return process

    def _live(self, place: Place, mask: set[int | signal.Signals]) -> None:
        """The whole life of a new process; it never returns to what its parent was doing."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for each in (*SIGNALS, signal.SIGCHLD):
                signal.signal(each, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            os.close(self._hold)
            self._work(place)
            status = 0
        except KeyboardInterrupt:
            pass
        except BaseException:  # noqa: BLE001 (there is nobody above us to say it)
            traceback.print_exc()
        finally:
            with suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    def _wait(self, until: float) -> None:
        """Until then, or until one of the processes says or does something, or a signal comes."""
        told, woken = self._told, self._woken.fileno()
        seconds = max(until - time.monotonic(), 0) if until != float("inf") else None
        heard, _, _ = select.select([told, woken], [], [], seconds)
        if woken in heard:
            self._woken.recv(4096)
        if told in heard:
            self._awaited -= set(os.read(told, 256))

    def _greet(self) -> bool:
        if not self._awaited:
            self._ready()
        return not self._awaited

    def _bury(self) -> None:
        for slot in self._slots:
            status = _status(slot)
            if status is None or self._asked:
                continue
            if self._awaited:
                raise CannotStart("One of the processes ended before all were ready; its reason stands above.")
            lived = time.monotonic() - slot.began
            slot.pause = 0.0 if lived > _LONGEST_PAUSE else min(max(2 * slot.pause, _FIRST_PAUSE), _LONGEST_PAUSE)
            slot.began = time.monotonic()
            log.warning("a server process ended and is replaced", process=slot.number, status=status, pause=slot.pause)

    def _end(self) -> None:
        """Ask all to stop, and see that they have."""
        try:
            self._send(signal.SIGTERM)
            deadline = time.monotonic() + _PATIENCE
            while any(slot.process for slot in self._slots) and time.monotonic() < deadline:
                self._wait(deadline)
                for slot in self._slots:
                    _status(slot)
        finally:
            self._send(signal.SIGKILL)
            signal.set_wakeup_fd(-1)

    def _send(self, number: int) -> None:
        for slot in self._slots:
            if slot.process is not None:
                os.kill(slot.process, number)


def _status(slot: _Slot) -> int | None:
    """How its process ended, negative for a signal; None while it runs, or where there is none."""
    if slot.process is None:
        return None
    ended, status = os.waitpid(slot.process, os.WNOHANG)
    if not ended:
        return None
    slot.process = None
    return os.waitstatus_to_exitcode(status)
