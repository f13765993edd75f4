"""The bytes of a request: how many, how fast, of which type, and from which kind of page."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Receive

from server.graphql.limits import Limits
from server.graphql.negotiation import is_json
from server.graphql.request_errors import malformed

# How many times the limit is read before the connection is cut.
_HEARD_OUT = 4


class ClientLeftError(Exception):
    """Nobody is there to read an answer."""


def check_body_type(headers: Headers) -> None:
    """Only plain JSON: a page of another origin can send nothing else without asking first (CORS preflight)."""
    content_type = headers.get("content-type")
    if content_type is None:
        raise malformed("The request has no Content-Type; it should be application/json.", 415)
    if not is_json(content_type):
        raise malformed("The Content-Type should be application/json, in UTF-8.", 415, accept_post="application/json")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise malformed("The body should not be compressed.", 415, accept_encoding="identity")


def check_origin(headers: Headers) -> None:
    """Decline a GET that a browser sends for a page of another origin without CORS: an image, a form, a link.

    No cookie signs anybody in here and a GET changes nothing; this keeps such requests from costing anything either.
    """
    foreign = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    if foreign and headers.get("sec-fetch-mode") in {"navigate", "no-cors", "nested-navigate"}:
        raise malformed("A page of another origin may ask by fetch() in mode cors only.", 403)


async def read_body(receive: Receive, limits: Limits) -> bytes:
    """The whole body; raises RequestError (413, 408) or ClientLeftError.

    Of a body over the limit some more is read and thrown away: a client that still sends does not hear an answer.
    """
    chunks = []
    size = 0
    try:
        async with asyncio.timeout(limits.receive_seconds):
            while size <= _HEARD_OUT * limits.body_bytes:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientLeftError
                size += len(message.get("body", b""))
                if size <= limits.body_bytes:
                    chunks.append(message.get("body", b""))
                if not message.get("more_body", False):
                    break
    except TimeoutError:
        raise malformed("The body took too long to arrive.", 408, connection="close") from None
    if size > limits.body_bytes:
        raise malformed(f"The body is larger than {limits.body_bytes:,} bytes.", 413, connection="close")
    return b"".join(chunks)
