"""The bearer token of a request, as its header has it; whose it is, is looked up inside the unit of work.

A request without the header is anonymous. One with a header that cannot hold a token of ours is refused at once, since
its sender means to be signed in.
"""

import re
from typing import ClassVar

from starlette.datastructures import Headers

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,512}=*")


class MalformedAuthorization(Exception):  # noqa: N818 (it is a sentence about the request)
    """The Authorization header is not `Bearer` and one token."""

    error_code: ClassVar[str] = "UNAUTHENTICATED"


def bearer_token(headers: Headers) -> str | None:
    """The token, or None without the header; raises MalformedAuthorization."""
    given = headers.getlist("authorization")
    if not given:
        return None
    scheme, _, token = given[0].partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer" or not _TOKEN.fullmatch(token.strip()):
        raise MalformedAuthorization("The Authorization header should be the word Bearer and one token.")
    return token.strip()
