"""Builds the response: its JSON, its status code for the accepted media type, and its headers."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import orjson
from starlette.types import Send

from server.graphql.negotiation import GRAPHQL_RESPONSE
from server.graphql.request_errors import RequestError


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    media_type: str
    body: bytes
    headers: Mapping[str, str]

    async def send(self, send: Send) -> None:
        """Send the response."""
        length = (b"content-length", b"%d" % len(self.body))
        extra = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        encoded = [*_fixed_headers(self.media_type), length, *extra]
        await send({"type": "http.response.start", "status": self.status, "headers": encoded})
        await send({"type": "http.response.body", "body": self.body})


@cache
def _fixed_headers(media_type: str) -> list[tuple[bytes, bytes]]:
    """The headers that all responses of a media type have."""
    return [
        (b"content-type", f"{media_type}; charset=utf-8".encode("latin-1")),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept"),
    ]


def encode(payload: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8; datetimes in ISO 8601 with their offset (naive ones are UTC). TypeError for other objects."""
    return orjson.dumps(payload, option=orjson.OPT_NAIVE_UTC)


def executed(payload: Mapping[str, Any], media_type: str) -> Answer:
    """The response of an operation that ran, with or without field errors: 200 for both media types."""
    return Answer(200, media_type, encode(payload), {})


def failed(error: RequestError, media_type: str) -> Answer:
    """The response of an operation that did not run."""
    status = error.status if media_type == GRAPHQL_RESPONSE else error.plain_status
    return Answer(status, media_type, encode({"errors": error.errors}), error.headers)
