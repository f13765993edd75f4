"""Serves the schema of graphql_schema.py, and asks it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from server.application import make_application
from server.graphql.limits import Limits
from server.http.protocol import BoundedProtocol
from tests.server.graphql_schema import Context, schema

GRAPHQL_RESPONSE = "application/graphql-response+json"


class Toy:
    """An application over the toy schema, the contexts it opened, and a client that calls it without a socket."""

    def __init__(self, limits: Limits | None = None, **options: Any) -> None:
        self.contexts: list[Context] = []
        self.limits = limits or Limits()
        self.application = make_application(schema, self.open_context, limits=self.limits, **options)

    def open_context(self, token: str | None, address: str | None) -> Context:
        """Make and remember the context of an operation."""
        self.contexts.append(Context(token, address))
        return self.contexts[-1]

    @property
    def context(self) -> Context:
        """The only operation's."""
        (only,) = self.contexts
        return only

    def client(self) -> httpx.AsyncClient:
        """A client whose calls reach the application directly."""
        transport = httpx.ASGITransport(self.application)
        return httpx.AsyncClient(transport=transport, base_url="http://toy")

    async def ask(self, query: str, *, accept: str = GRAPHQL_RESPONSE, **parameters: Any) -> httpx.Response:
        """POST one operation."""
        async with self.client() as client:
            body = {"query": query, **parameters}
            return await client.post("/graphql", json=body, headers={"accept": accept})

    async def send(self, body: bytes, **headers: str) -> httpx.Response:
        """POST any bytes as JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client() as client:
            sent = {"content-type": "application/json", "accept": GRAPHQL_RESPONSE, **named}
            return await client.post("/graphql", content=body, headers=sent)


def codes(response: httpx.Response) -> list[str]:
    """The codes of a response's errors; fails where one has none."""
    return [error["extensions"]["code"] for error in response.json()["errors"]]


def message(response: httpx.Response) -> str:
    """The text of a response's only error."""
    (error,) = response.json()["errors"]
    text: str = error["message"]
    return text


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that nobody announces; fails after five seconds."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 (nobody announces it)
            await asyncio.sleep(0.001)


@asynccontextmanager
async def serving(
    application: ASGIApp, protocol: type[BoundedProtocol] = BoundedProtocol
) -> AsyncIterator[tuple[str, int]]:
    """Serve on a socket of this machine; gives host and port."""
    config = uvicorn.Config(
        application, http=protocol, ws="none", log_config=None, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        running = asyncio.create_task(server.serve(sockets=[bound]))
        await until(lambda: server.started)
        try:
            yield bound.getsockname()
        finally:
            server.should_exit = True
            await running
