"""One request into an application with nothing around it: what is measured is the application and no client."""

import asyncio
from collections.abc import MutableMapping
from typing import Any, NamedTuple

import orjson
from starlette.types import ASGIApp

Json = dict[str, Any]


class Answered(NamedTuple):
    """A response as it was sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Bare:
    """Sends one operation again and again, as one client that stays connected."""

    def __init__(self, application: ASGIApp, token: str, document: str, variables: Json) -> None:
        self._application = application
        self._body = orjson.dumps({"query": document, "variables": variables})
        self._headers = [
            (b"host", b"api.test"),
            (b"accept", b"application/graphql-response+json"),
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(self._body)).encode()),
        ]

    async def ask(self) -> Answered:
        """One request, on a task of its own, as a server gives it."""
        return await asyncio.create_task(self._ask())

    async def _ask(self) -> Answered:
        sent: list[MutableMapping[str, Any]] = []
        messages = [{"type": "http.request", "body": self._body, "more_body": False}]
        left = asyncio.Event()

        async def receive() -> MutableMapping[str, Any]:
            if not messages:
                await left.wait()
            return messages.pop()

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/graphql",
            "raw_path": b"/graphql",
            "root_path": "",
            "query_string": b"",
            "headers": list(self._headers),
            "client": ("192.0.2.1", 4711),
            "server": ("api.test", 80),
        }
        await self._application(scope, receive, send)
        return Answered(sent[0]["status"], list(sent[0]["headers"]), b"".join(each["body"] for each in sent[1:]))
