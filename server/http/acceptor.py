"""Accepting connections: many in one turn of the event loop where many wait.

libuv accepts one in each turn. A turn in which boards are written is long, so that a crowd would wait for seconds in
the kernel's queue before it is served or told to come back.
"""

import asyncio
import socket
from collections.abc import Callable

# One more each turn than the turn before could be fair and slow, all at once quick and unfair to the other processes
# that accept on the same socket: so it doubles, while there are more, and starts anew.
_MOST = 64
_BEYOND = 8  # the same where there is no room
_REST = 0.5  # seconds without accepting, where the machine has no files or memory left


class Acceptor:
    """Accepts on one listening socket, which it never closes, and gives each connection a protocol of its own.

    `room` is for how many more there is room. Beyond it a few at a time are accepted, to be refused: those that are not
    refused yet would take the files that those need who are served.
    """

    def __init__(
        self, listening: socket.socket, new_protocol: Callable[[], asyncio.Protocol], room: Callable[[], int]
    ) -> None:
        self._listening = listening
        self._new_protocol = new_protocol
        self._room = room
        self._loop = asyncio.get_running_loop()
        self._at_once = 1
        self._beginning: set[asyncio.Task[None]] = set()
        self._resting: asyncio.TimerHandle | None = None
        listening.setblocking(False)
        self._loop.add_reader(listening, self._accept)

    async def close(self) -> None:
        """Accept no more, and wait for those that were accepted and have no protocol yet."""
        if self._resting is not None:
            self._resting.cancel()
        self._loop.remove_reader(self._listening)
        await asyncio.gather(*self._beginning, return_exceptions=True)

    def _accept(self) -> None:
        for _ in range(min(self._at_once, max(_BEYOND, self._room() - len(self._beginning)))):
            try:
                accepted, _address = self._listening.accept()
            except (BlockingIOError, ConnectionError):  # another process was first, or the client is gone
                self._at_once = 1
                return
            except OSError:
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
        try:
            await self._loop.connect_accepted_socket(self._new_protocol, accepted)
        except BaseException as error:
            accepted.close()
            if not isinstance(error, OSError):  # else the client is gone
                raise

    def _rest(self) -> None:
        self._at_once = 1
        self._loop.remove_reader(self._listening)
        self._resting = self._loop.call_later(_REST, self._loop.add_reader, self._listening, self._accept)
