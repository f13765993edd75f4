"""Headers that every response carries, and the id by which the log lines of one request are found together."""

import os
import re
from collections.abc import Iterable
from typing import TypeAlias

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

Header: TypeAlias = tuple[bytes, bytes]

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# A page that wants more, such as GraphiQL's, sends its own policy.
_DEFAULTS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


_NAMES = {name for name, _ in _DEFAULTS}


class EveryResponse:
    """ASGI middleware: takes or makes `X-Request-Id`, binds it to the log, and adds the headers that are not set."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else os.urandom(16).hex()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*_with_defaults(message["headers"]), (b"x-request-id", request_id.encode())]
            await send(message)

        bound = bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            reset_contextvars(**bound)


def _with_defaults(headers: Iterable[Header]) -> list[Header]:
    present = _NAMES.intersection([name for name, _ in headers])
    return [*headers, *(one for one in _DEFAULTS if one[0] not in present)] if present else [*headers, *_DEFAULTS]
