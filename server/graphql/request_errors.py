"""Request errors: the operation was not executed, and the response has errors but no data.

Errors of resolvers are field errors, see error_masking.py.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

BAD_USER_INPUT = "BAD_USER_INPUT"
QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
TIMEOUT = "TIMEOUT"
OVERLOADED = "OVERLOADED"
RATE_LIMITED = "RATE_LIMITED"
INTERNAL = "INTERNAL"
UNAUTHENTICATED = "UNAUTHENTICATED"


class TopLevelCode(NamedTuple):
    """The meaning of a code in `extensions.code`, and its HTTP statuses."""

    statuses: str
    meaning: str


TOP_LEVEL_CODES: Mapping[str, TopLevelCode] = {
    BAD_USER_INPUT: TopLevelCode("4xx (200 from a field)", "The request, the document or an argument is not valid."),
    QUERY_TOO_COMPLEX: TopLevelCode(
        "400", "The document is over a limit: tokens, depth, aliases, cost and others. The message has both numbers."
    ),
    TIMEOUT: TopLevelCode(
        "504", "The operation took longer than SLUICEGATE_OPERATION_SECONDS. Committed changes are kept."
    ),
    OVERLOADED: TopLevelCode(
        "503", "The server is overloaded. Nothing was changed: send the request again after Retry-After."
    ),
    RATE_LIMITED: TopLevelCode(
        "429", "Too many unknown tokens from this network or for this account. Wait for Retry-After."
    ),
    UNAUTHENTICATED: TopLevelCode(
        "401 (200 from a field)", "The token is missing, malformed, unknown, expired or revoked: sign in again."
    ),
    INTERNAL: TopLevelCode(
        "500 (200 from a field)", "A bug on the server's side. `extensions.reference` is in the server's log."
    ),
}

BUSY = "The server is overloaded. Try again in a moment."

RETRY_SECONDS = 1
_MAX_PRINTED = 1_000_000_000

FormattedError = Mapping[str, Any]


class RequestError(Exception):
    """Ends a request before execution, with formatted errors and the status code of the response.

    `plain_status` is the status for clients that accept `application/json` only: they read the body, not the status.
    """

    def __init__(
        self,
        errors: Iterable[FormattedError],
        *,
        status: int,
        plain_status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(str(error["message"]) for error in self.errors))
        self.status = status
        self.plain_status = status if plain_status is None else plain_status
        self.headers = dict(headers or {})


class NoRoomError(RequestError):
    """The server is overloaded: nothing of the operation was done, and the client may send it again."""


def formatted(message: str, code: str, **extensions: Any) -> FormattedError:
    """One error without a location in the document."""
    return {"message": message, "extensions": {"code": code, **extensions}}


def malformed(message: str, status: int = 400, **headers: str) -> RequestError:
    """The error of a request that is not GraphQL over HTTP; underscores in header names stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RequestError([formatted(message, BAD_USER_INPUT)], status=status, headers=named)


def refused(message: str, code: str = BAD_USER_INPUT) -> RequestError:
    """The error of a well-formed request whose document or variables are rejected."""
    return rejected([formatted(message, code)])


def rejected(errors: Iterable[FormattedError]) -> RequestError:
    """Errors of a well-formed request: 400, or 200 for clients that accept `application/json` only."""
    return RequestError(errors, status=400, plain_status=200)


def rate_limited(message: str, retry_after: int) -> RequestError:
    """The client has reached a rate limit; nothing of the operation was done."""
    return RequestError([formatted(message, RATE_LIMITED)], status=429, headers={"retry-after": str(retry_after)})


def overloaded(message: str = BUSY) -> NoRoomError:
    """The server is overloaded: nothing of the operation was done, and the client may send it again."""
    return NoRoomError([formatted(message, OVERLOADED)], status=503, headers={"retry-after": str(RETRY_SECONDS)})


def too_complex(what: str, found: int, limit: int) -> RequestError:
    """The error of a document over a limit; `what` is a plural noun phrase."""
    message = f"The document has {numeral(found)} {what}; at most {limit:,} are allowed."
    return refused(message, QUERY_TOO_COMPLEX)


def numeral(number: int) -> str:
    """A number for people; very large ones are not printed in full."""
    return f"{number:,}" if number < _MAX_PRINTED else f"more than {_MAX_PRINTED:,}"
