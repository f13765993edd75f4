"""The response: its JSON, its status code for the media type that the client takes, and its headers."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import orjson
from starlette.types import Send

from server.graphql.negotiation import GRAPHQL_RESPONSE
from server.graphql.request_errors import RequestError


class Answer(NamedTuple):
    """What is sent back."""

    status: int
    media_type: str
    body: bytes
    headers: Mapping[str, str]

    async def send(self, send: Send) -> None:
        """Put the response on the wire."""
        length = (b"content-length", b"%d" % len(self.body))
        more = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        encoded = [*_always(self.media_type), length, *more]
        await send({"type": "http.response.start", "status": self.status, "headers": encoded})
        await send({"type": "http.response.body", "body": self.body})


@cache
def _always(media_type: str) -> list[tuple[bytes, bytes]]:
    """The headers that all answers of a media type have; ours are three."""
    return [
        (b"content-type", f"{media_type}; charset=utf-8".encode("latin-1")),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept"),
    ]


def encode(payload: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8; datetimes in ISO 8601 with their offset, a naive one being UTC. TypeError for what has no JSON."""
    return orjson.dumps(payload, option=orjson.OPT_NAIVE_UTC)


def executed(payload: Mapping[str, Any], media_type: str) -> Answer:
    """The operation ran, with or without field errors: 200 for both media types."""
    return Answer(200, media_type, encode(payload), {})


def failed(error: RequestError, media_type: str) -> Answer:
    """The operation did not run."""
    status = error.status if media_type == GRAPHQL_RESPONSE else error.plain_status
    return Answer(status, media_type, encode({"errors": error.errors}), error.headers)
