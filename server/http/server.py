"""Uvicorn, as it serves here: bounded connections, a crowd of them accepted at once, memory settled."""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from server.http.acceptor import Acceptor
from server.http.protocol import BoundedProtocol

_GRACE = 10  # seconds that requests under way have when the server stops
_GARBAGE_THRESHOLD = 10_000


class HttpServer(uvicorn.Server):
    """Uvicorn, with its signals left to server/http/signals.py."""

    def __init__(self, application: ASGIApp, trusted_proxies: Sequence[str], ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http=BoundedProtocol,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),
                timeout_graceful_shutdown=_GRACE,
            )
        )
        self._ready = ready
        self._acceptors: list[Acceptor] = []

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, settle the memory, and tell that requests are answered."""
        if sockets is None or sys.platform == "win32":  # where no event loop tells of a socket
            await super().startup(sockets)
        else:
            await super().startup([])
            self._acceptors = [Acceptor(each, self._new_protocol, self._room) for each in sockets]
        # What is there now stays: the collector need not look at it again (it made one request in a hundred slow).
        gc.collect()
        gc.freeze()
        gc.set_threshold(_GARBAGE_THRESHOLD)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more, and end with those that were accepted, whom all are then told of."""
        for acceptor in self._acceptors:
            await acceptor.close()
        await super().shutdown(sockets)

    def _room(self) -> int:
        return BoundedProtocol.most_connections - len(self.server_state.connections)

    def _new_protocol(self) -> asyncio.Protocol:
        return BoundedProtocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def leave_when(self, stop: asyncio.Event) -> None:
        """Finish what is under way, and end, once the event is set."""
        await stop.wait()
        self.should_exit = True
