"""Who is refused for want of room is not heard for a second, unless they leave."""

import asyncio
from contextlib import suppress

from starlette.types import Receive, Scope, Send

from server.graphql.limits import Limits
from server.graphql.request_errors import OVERLOADED
from server.http.protocol import BoundedProtocol
from tests.server.graphql_toy import Toy, serving, until
from tests.server.test_protocol import ASKING, WAITING, told


class Resting(BoundedProtocol):
    """Rests for long."""

    rest_seconds = 60


class RestingAlone(Resting):
    """Has room for one connection, and rests for long."""

    most_connections = 1


class Rested(BoundedProtocol):
    """Rests for a moment."""

    rest_seconds = 0.01


class Full:
    """An application that has no room, and counts who asks."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse."""
        self.asked += 1
        scope["state"][OVERLOADED] = True
        await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


async def asked_twice(address: tuple[str, int]) -> asyncio.StreamWriter:
    """A client that asks again as soon as it is refused."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(ASKING + b"\r\n")
    assert b"503" in await reader.readuntil(b"\r\n\r\n")
    writer.write(ASKING + b"\r\n")
    await writer.drain()
    return writer


async def test_who_does_not_wait_after_a_refusal_is_not_heard() -> None:
    full = Full()
    async with serving(full, Resting) as address:
        impatient = await asked_twice(address)
        (await asked_twice(address)).close()
        assert full.asked == 2
        impatient.close()


async def test_who_was_refused_is_heard_after_a_rest() -> None:
    full = Full()
    async with serving(full, Rested) as address:
        writer = await asked_twice(address)
        await until(lambda: full.asked == 2)
        writer.close()


async def test_who_leaves_after_a_refusal_gives_their_place_to_others_at_once() -> None:
    full = Full()
    async with serving(full, RestingAlone) as address:
        async with asyncio.timeout(5):  # a rest is longer
            while full.asked < 3:
                reader, writer = await asyncio.open_connection(*address)
                writer.write(ASKING + b"\r\n")
                with suppress(ConnectionError):
                    await reader.readuntil(b"\r\n\r\n")
                writer.close()


async def test_an_operation_for_which_there_is_no_room_is_followed_by_a_rest() -> None:
    toy = Toy(Limits(running=1, waiting=0))
    async with serving(toy.application, Resting) as address:
        _, writer = await asyncio.open_connection(*address)
        writer.write(WAITING)
        await until(lambda: bool(toy.contexts) and toy.contexts[0].started.is_set())
        impatient = await asked_twice(address)
        writer.close()
        await until(lambda: toy.contexts[0].cancelled)
        answered = await told(address, ASKING + b"Connection: close\r\n\r\n")
        assert answered.startswith(b"HTTP/1.1 200")
        assert len(toy.contexts) == 3  # the one that waited, the one that was refused, and the last
        impatient.close()
