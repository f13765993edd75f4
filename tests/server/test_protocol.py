"""What strangers may take of the server over a socket: bytes, time, connections."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from server.http.protocol import BoundedProtocol
from server.http.server import HttpServer
from tests.server.graphql_toy import Toy, serving, until

ASKING = b"GET /graphql?query={hello} HTTP/1.1\r\nHost: toy\r\n"
WAITING = b"GET /graphql?query={waits} HTTP/1.1\r\nHost: toy\r\n\r\n"
CHUNKED = b"POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"


class Hasty(BoundedProtocol):
    """Has no patience."""

    head_seconds = 0.05
    write_seconds = 0.05


class Narrow(BoundedProtocol):
    """Has room for one connection, and for two requests in line."""

    most_connections = 1
    pipelined = 2


class Unread(asyncio.Transport):
    """A connection whose client has left some bytes unread."""

    def __init__(self, unread: int) -> None:
        super().__init__()
        self.unread = unread
        self.ended: list[str] = []

    def get_write_buffer_size(self) -> int:
        """The bytes that wait for the client."""
        return self.unread

    def is_closing(self) -> bool:
        """Whether somebody ended it."""
        return bool(self.ended)

    def close(self) -> None:
        """End it once all is read."""
        self.ended.append("closed")

    def abort(self) -> None:
        """End it now."""
        self.ended.append("aborted")


async def told(address: tuple[str, int], sent: bytes) -> bytes:
    """All that the server says to these bytes until it ends the connection, which it must."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        async with asyncio.timeout(4):
            writer.write(sent)
            with suppress(ConnectionError):
                return await reader.read()
            return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        ASKING + b"X: " + b"x" * 45_000,
        ASKING + b"X: x\r\n" * 9_000,
        b"GET /" + b"x" * 45_000,
        b"\r\n" * 25_000,
        ASKING + b"\r\n" + ASKING + b"X: " + b"x" * 45_000,
    ],
    ids=["header", "headers", "url", "nothing", "second request"],
)
async def test_a_head_over_the_limit_is_declined_while_it_comes(sent: bytes) -> None:
    async with serving(Toy().application) as address:
        said = await told(address, sent)

    # In the midst of another response there is no place for one.
    assert said == b"" if sent.count(ASKING) > 1 else said.startswith(b"HTTP/1.1 431 ")


async def test_a_head_within_the_limit_and_a_larger_body_are_read() -> None:
    body = b'{"query": "{hello}"}' + b" " * 100_000
    head = b"POST /graphql HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"

    async with serving(Toy().application) as address:
        said = await told(address, head % len(body) + b"X: " + b"x" * 30_000 + b"\r\n\r\n" + body)

    assert said.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("sent", [b"0\r\nX: " + b"x" * 45_000, b"1;x=" + b"x" * 45_000], ids=["trailer", "extension"])
async def test_what_stands_between_and_after_chunks_is_limited_too(sent: bytes) -> None:
    async with serving(Toy().application) as address:
        assert await told(address, CHUNKED + sent) == b""


@pytest.mark.parametrize("sent", [b"", b"\r\n", ASKING], ids=["nothing", "an empty line", "half a head"])
async def test_a_head_that_does_not_come_is_not_waited_for(sent: bytes) -> None:
    async with serving(Toy().application, Hasty) as address:
        assert await told(address, sent) == b""


@pytest.mark.parametrize("sent", [b"\r\n", ASKING], ids=["an empty line", "half a head"])
async def test_nor_is_the_head_of_the_next_request(sent: bytes) -> None:
    async with serving(Toy().application, Hasty) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(ASKING + b"\r\n")
        answered = await reader.readline()
        writer.write(sent)
        async with asyncio.timeout(4):
            rest = await reader.read()
        writer.close()

    assert answered.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1" not in rest


async def test_a_stray_line_does_not_cost_the_response_under_way() -> None:
    toy = Toy()
    async with serving(toy.application, Hasty) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(WAITING)
        await until(lambda: bool(toy.contexts))
        writer.write(b"\r\n")
        await asyncio.sleep(Hasty.head_seconds * 3)
        toy.context.gate.set()
        async with asyncio.timeout(4):
            said = await reader.read()
        writer.close()

    assert b"waited" in said


async def test_a_client_that_does_not_read_is_left() -> None:
    over = asyncio.Event()

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": bytes(30_000_000), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        over.set()

    async with serving(large, Hasty) as address:
        _, writer = await asyncio.open_connection(*address, limit=1)
        writer.write(ASKING + b"\r\n")
        async with asyncio.timeout(4):
            await over.wait()
        writer.transport.abort()


def made(transport: Unread) -> BoundedProtocol:
    """The protocol of a connection that was just made."""
    protocol = Hasty(uvicorn.Config(Toy().application, log_config=None), ServerState(), {})
    protocol.connection_made(transport)
    return protocol


@pytest.mark.parametrize(("unread", "ended"), [(0, "closed"), (1, "aborted")])
async def test_an_idle_connection_ends_also_where_something_is_unread(unread: int, ended: str) -> None:
    transport = Unread(unread)
    protocol = made(transport)

    protocol.timeout_keep_alive_handler()
    protocol.connection_lost(OSError())

    assert transport.ended == [ended]


async def test_a_last_response_that_is_not_read_is_dropped() -> None:
    transport = Unread(1)
    protocol = made(transport)

    transport.close()
    protocol.on_response_complete()
    protocol.connection_lost(OSError())
    await until(lambda: len(transport.ended) > 1)

    assert transport.ended == ["closed", "aborted"]


async def test_there_is_an_end_to_the_connections() -> None:
    async with serving(Toy().application, Narrow) as address:
        _, writer = await asyncio.open_connection(*address)
        writer.write(ASKING)
        refused = await told(address, b"")
        writer.close()
        await writer.wait_closed()
        answered = await _again(lambda: told(address, ASKING + b"Connection: close\r\n\r\n"))

    assert refused.startswith(b"HTTP/1.1 503 ")
    assert answered.startswith(b"HTTP/1.1 200 ")


async def _again(ask: Callable[[], Awaitable[bytes]]) -> bytes:
    """The server hears a little later that a client has left."""
    said = await ask()
    for _ in range(100):
        if b" 503 " not in said:
            break
        said = await ask()
    return said


async def test_there_is_an_end_to_the_requests_in_line() -> None:
    async with serving(Toy().application, Narrow) as address:
        assert await told(address, WAITING * 10) == b""


async def test_a_client_that_leaves_ends_all_that_it_asked() -> None:
    toy = Toy()
    async with serving(toy.application) as address:
        _, writer = await asyncio.open_connection(*address)
        writer.write(WAITING * 2)
        await until(lambda: bool(toy.contexts) and toy.context.started.is_set())
        writer.close()
        await until(lambda: toy.context.cancelled)


def test_it_is_what_serves() -> None:
    assert HttpServer(Toy().application, (), lambda: None).config.http is BoundedProtocol
