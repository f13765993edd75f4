"""How much of the server one connection may take before anybody knows who is there: uvicorn's protocol, with limits.

Uvicorn counts neither the bytes of a request's head nor the seconds it takes to arrive, and waits for ever for a client
that does not read. What a request's body may take is for server/graphql/request_body.py.
"""

from asyncio import TimerHandle, Transport
from collections.abc import Sequence
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from server.graphql.request_errors import OVERLOADED, RETRY_SECONDS

_TOO_LARGE = b"431 Request Header Fields Too Large"
_TOO_MANY = f"503 Service Unavailable\r\nretry-after: {RETRY_SECONDS}".encode()
# The parser is fed so many bytes at a time: a count of them can be too small by one piece.
_PIECE = 4_096


class BoundedProtocol(HttpToolsProtocol):
    """One connection. Sizes are in bytes, times in seconds."""

    head_bytes: ClassVar[int] = 32_768
    head_seconds: ClassVar[float] = 10
    write_seconds: ClassVar[float] = 30
    # Requests sent before the first is answered.
    pipelined: ClassVar[int] = 20
    # Between a refusal for want of room and the next request: who does not wait would take what the others need.
    rest_seconds: ClassVar[float] = RETRY_SECONDS
    # With the database's connections and our files it is below the 1,024 that a process may usually open.
    most_connections: ClassVar[int] = 900

    # Received since the parser last had something to tell: of a head, or of what stands between and after chunks.
    _untold = 0
    _in_body = False
    _under_way: Sequence[RequestResponseCycle] = ()
    _head_timer: TimerHandle | None = None
    _write_timer: TimerHandle | None = None
    _rest_timer: TimerHandle | None = None
    # What came during a rest. Nothing is read after it; but until something comes, a client that leaves is noticed.
    _unheard = b""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for a request, unless there are too many connections."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._refuse(_TOO_MANY)
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers, and tell all requests under way; uvicorn tells only the last."""
        for cycle in self._under_way:
            cycle.disconnected = True
            cycle.message_event.set()
        self._head_arrived()
        self._end_rest()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, until something is too large; during a rest, later."""
        if self._rest_timer is not None:
            self._unheard += data
            self.flow.pause_reading()
            return
        if not self._in_body:
            self._await_head()
        for start in range(0, len(data), _PIECE):
            if self.transport.is_closing():
                return
            piece = data[start : start + _PIECE]
            self._untold += len(piece)
            super().data_received(piece)
            if self._untold > self.head_bytes:
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins, maybe in the same packet in which another request ended."""
        self._untold = 0
        self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._untold = 0
        self._in_body = True
        self._head_arrived()
        super().on_headers_complete()
        self._under_way = [*self._under_way, self.cycle]
        if len(self.pipeline) > self.pipelined:
            self.transport.abort()

    def on_body(self, body: bytes) -> None:
        """Some of the body is there."""
        self._untold = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        self._untold = 0
        self._in_body = False
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client reads more slowly than the response is made: it has some time."""
        super().pause_writing()
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def on_response_complete(self) -> None:
        """Of a last response, the rest must be read in time."""
        super().on_response_complete()
        if any(OVERLOADED in cycle.scope["state"] for cycle in self._under_way if cycle.response_complete):
            self._rest()
        self._under_way = [cycle for cycle in self._under_way if _is_open(cycle)]
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self.loop.call_later(self.write_seconds, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        """No further request came: end, also where the client has not read the last response."""
        self._end()

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if _is_open(self.cycle):
            self._await_head()  # a stray line after a request must not cost its response
        else:
            self._end()

    def _head_arrived(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _rest(self) -> None:
        self._end_rest()
        self._rest_timer = self.loop.call_later(self.rest_seconds, self._hear)

    def _end_rest(self) -> None:
        if self._rest_timer is not None:
            self._rest_timer.cancel()
            self._rest_timer = None

    def _hear(self) -> None:
        self._rest_timer = None
        came, self._unheard = self._unheard, b""
        if came and not self.transport.is_closing():
            self.flow.resume_reading()
            self.data_received(came)

    def _end(self) -> None:
        # A transport that is closed keeps what is unread, and the connection, for as long as the client likes.
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def _refuse(self, status: bytes) -> None:
        if self.transport.is_closing():
            return
        if _is_open(self.cycle):
            self.transport.abort()  # an answer here would stand in the midst of another
            return
        self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


def _is_open(cycle: RequestResponseCycle | None) -> bool:
    return cycle is not None and not cycle.response_complete
