"""Request errors: the operation was not executed, and the response has errors but no data.

What goes wrong inside a resolver is a field error and belongs to masking.py.
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
    """What a code in `extensions.code` means, and the HTTP statuses it comes with."""

    statuses: str
    meaning: str


TOP_LEVEL_CODES: Mapping[str, TopLevelCode] = {
    BAD_USER_INPUT: TopLevelCode("4xx (200 from a field)", "The request, the document or an argument is not valid."),
    QUERY_TOO_COMPLEX: TopLevelCode(
        "400", "The document is over a limit: tokens, depth, aliases, cost and others. The message has both numbers."
    ),
    TIMEOUT: TopLevelCode(
        "504", "The operation took longer than SLUICEGATE_OPERATION_SECONDS. What a mutation committed stays."
    ),
    OVERLOADED: TopLevelCode("503", "The server is at its limit. Nothing was done: send it again after Retry-After."),
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

BUSY = "The server has too much to do just now. Try again in a moment."

RETRY_SECONDS = 1
_ABSURD = 1_000_000_000

FormattedError = Mapping[str, Any]


class RequestError(Exception):
    """Ends a request before execution, with its formatted errors and the status code to answer with.

    `plain_status` is the status for clients that take `application/json` only, who read the body and not the status.
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
    """The server is at its limit: nothing of the operation was done, and it may be sent again."""


def formatted(message: str, code: str, **extensions: Any) -> FormattedError:
    """One error without a place in the document."""
    return {"message": message, "extensions": {"code": code, **extensions}}


def malformed(message: str, status: int = 400, **headers: str) -> RequestError:
    """It is no GraphQL-over-HTTP request; underscores in header names stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RequestError([formatted(message, BAD_USER_INPUT)], status=status, headers=named)


def refused(message: str, code: str = BAD_USER_INPUT) -> RequestError:
    """It is a GraphQL request, and a document, variable or limit of it stands in the way."""
    return rejected([formatted(message, code)])


def rejected(errors: Iterable[FormattedError]) -> RequestError:
    """Several errors of a well-formed request: 400, or 200 for clients that only know `application/json`."""
    return RequestError(errors, status=400, plain_status=200)


def rate_limited(message: str, retry_after: int) -> RequestError:
    """The sender has used up what they may try; nothing of the operation was done."""
    return RequestError([formatted(message, RATE_LIMITED)], status=429, headers={"retry-after": str(retry_after)})


def overloaded(message: str = BUSY) -> NoRoomError:
    """Nothing of the operation was done; it may be sent again."""
    return NoRoomError([formatted(message, OVERLOADED)], status=503, headers={"retry-after": str(RETRY_SECONDS)})


def too_complex(what: str, found: int, limit: int) -> RequestError:
    """A limit of documents is passed; `what` is a plural noun phrase."""
    message = f"The document has {numeral(found)} {what}; at most {limit:,} are allowed."
    return refused(message, QUERY_TOO_COMPLEX)


def numeral(number: int) -> str:
    """A number for people; those of absurd size are not printed in full."""
    return f"{number:,}" if number < _ABSURD else f"more than {_ABSURD:,}"
