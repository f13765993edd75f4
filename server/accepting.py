"""Accepting connections: many in one turn of the event loop where many wait.

libuv accepts one in each turn. A turn in which boards are written is long, so that a crowd would wait for seconds in
the kernel's queue before it is served or told to come back.
"""

import asyncio
import errno
import socket
from collections.abc import Callable
from contextlib import suppress

# One more each turn than the turn before could be fair and slow, all at once quick and unfair to the other processes
# that accept on the same socket: so it doubles, while there are more, and starts anew.
_MOST = 64
_NONE_TO_BE_HAD = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_REST = 0.5  # seconds without accepting, where the machine has no files or memory left


class Acceptor:
    """Accepts on one listening socket, which it never closes, and gives each connection a protocol of its own."""

    def __init__(self, listening: socket.socket, new_protocol: Callable[[], asyncio.Protocol]) -> None:
        self._listening = listening
        self._new_protocol = new_protocol
        self._loop = asyncio.get_running_loop()
        self._at_once = 1
        self._beginning: set[asyncio.Task[None]] = set()
        self._resting: asyncio.TimerHandle | None = None
        listening.setblocking(False)
        self._loop.add_reader(listening, self._accept)

    def close(self) -> None:
        """Accept no more."""
        if self._resting is not None:
            self._resting.cancel()
        self._loop.remove_reader(self._listening)

    async def wait_closed(self) -> None:
        """Wait for those that were accepted and have no protocol yet."""
        await asyncio.gather(*self._beginning)

    def _accept(self) -> None:
        for _ in range(self._at_once):
            try:
                accepted, _address = self._listening.accept()
            except (BlockingIOError, ConnectionError):  # another process was first, or the client is gone
                self._at_once = 1
                return
            except OSError as error:
                if error.errno not in _NONE_TO_BE_HAD:
                    raise
                self._rest()
                return
            self._begin(accepted)
        self._at_once = min(self._at_once * 2, _MOST)

    def _begin(self, accepted: socket.socket) -> None:
        beginning = self._loop.create_task(self._hand_over(accepted))
        self._beginning.add(beginning)
        beginning.add_done_callback(self._beginning.discard)

    async def _hand_over(self, accepted: socket.socket) -> None:
        accepted.setblocking(False)
        with suppress(OSError):  # the client is gone
            await self._loop.connect_accepted_socket(self._new_protocol, accepted)

    def _rest(self) -> None:
        self._at_once = 1
        self._loop.remove_reader(self._listening)
        self._resting = self._loop.call_later(_REST, self._loop.add_reader, self._listening, self._accept)
