"""Reads the body of a request, within limits of size and time, and checks its type and origin."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Receive

from server.graphql.limits import Limits
from server.graphql.negotiation import is_json
from server.graphql.request_errors import malformed

# Up to this many times the limit is read and discarded before the connection is closed.
_DISCARDED = 4


class ClientLeftError(Exception):
    """The client disconnected, so there is nobody to answer."""


def check_body_type(headers: Headers) -> None:
    """Accept uncompressed JSON only: a page of another origin cannot send it without a CORS preflight."""
    content_type = headers.get("content-type")
    if content_type is None:
        raise malformed("The request has no Content-Type; it should be application/json.", 415)
    if not is_json(content_type):
        raise malformed("The Content-Type should be application/json, in UTF-8.", 415, accept_post="application/json")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise malformed("The body should not be compressed.", 415, accept_encoding="identity")


def check_origin(headers: Headers) -> None:
    """Reject a GET that a browser sends for a page of another origin without CORS: an image, a form, a link.

    There are no cookies, and a GET changes nothing; rejecting such requests also keeps them from using resources.
    """
    foreign = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    if foreign and headers.get("sec-fetch-mode") in {"navigate", "no-cors", "nested-navigate"}:
        raise malformed("A page of another origin may send requests by fetch() in mode cors only.", 403)


async def read_body(receive: Receive, limits: Limits) -> bytes:
    """The whole body; raises RequestError (413, 408) or ClientLeftError.

    More of a body over the limit is read and discarded, because clients read no response while they send.
    """
    chunks = []
    size = 0
    try:
        async with asyncio.timeout(limits.receive_seconds):
            while size <= _DISCARDED * limits.body_bytes:
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
