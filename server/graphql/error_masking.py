"""What a client learns of an error.

An exception whose class has an `error_code` is reported to the client, and so is a fault of the request. Everything
else is a bug: it is logged once with a reference, and the client gets the reference only.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from graphql import FieldNode, GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import StrawberryInputCoercionError

from server.graphql.request_errors import (
    BAD_USER_INPUT,
    INTERNAL,
    OVERLOADED,
    QUERY_TOO_COMPLEX,
    RATE_LIMITED,
    FormattedError,
    RequestError,
    formatted,
    overloaded,
    rate_limited,
)

_log = structlog.get_logger(__name__)

# How graphql-core's messages end when its parser or its validation reaches a limit.
_PARSING_ABORTED = "Parsing aborted."
_VALIDATION_ABORTED = "Validation aborted."
_MAX_LOGGED = 10


def request_errors(errors: Sequence[GraphQLError]) -> list[FormattedError]:
    """Formats errors of parsing, validation or variables, each with a code."""
    if any(error.message == _VALIDATION_ABORTED for error in errors):
        return [formatted("The document nests or repeats too much to be validated.", QUERY_TOO_COMPLEX)]
    return [_coded(_public(error), _request_code(error)) for error in errors]


def field_errors(errors: Sequence[GraphQLError], operation: str | None) -> list[FormattedError]:
    """Formats errors of resolvers. An operation's masked errors share a reference, and each kind is logged once."""
    reference = new_reference()
    logged: set[tuple[object, ...]] = set()
    reported = []
    for error in errors:
        cause = innermost(error)
        if code := public_code(cause):
            reported.append(_coded(error, code))
            continue
        reported.append(_masked(error, reference))
        kind = (type(cause), *(step for step in error.path or () if isinstance(step, str)))
        if kind not in logged and len(logged) < _MAX_LOGGED:
            logged.add(kind)
            log_bug(cause, reference, operation, path=error.path)
    return reported


def retry_later(errors: Sequence[GraphQLError], data: Mapping[str, Any] | None) -> RequestError | None:
    """The error for the whole request, where a field exceeded a rate limit, or the server was overloaded and no other
    field has data; otherwise None.
    """
    for cause in map(innermost, errors):
        code = public_code(cause)
        if code == RATE_LIMITED:
            return rate_limited(str(cause), getattr(cause, "retry_after", 1))
        if code == OVERLOADED and all(value is None for value in (data or {}).values()):
            return overloaded(str(cause))
    return None


def clear_tracebacks(errors: Sequence[GraphQLError]) -> None:
    """Remove the tracebacks of errors that are reported to the client: an error refers to frames and these to the
    error, a cycle that only the garbage collector could free. Bugs keep theirs for the log, and are rare.
    """
    pending: list[BaseException | None] = [error for error in errors if public_code(innermost(error))]
    while pending:
        error = pending.pop()
        if error is not None and error.__traceback__ is not None:
            error.__traceback__ = None
            pending += [getattr(error, "original_error", None), error.__cause__, error.__context__]


def internal_error(bug: BaseException) -> FormattedError:
    """Log a bug outside of resolvers; returns the error for the client."""
    reference = new_reference()
    log_bug(bug, reference, None)
    return formatted(_masked_message(reference), INTERNAL, reference=reference)


def public_code(cause: BaseException) -> str | None:
    """The code that is reported for an exception, or None if it is masked."""
    code = getattr(type(cause), "error_code", None)
    if isinstance(code, str):
        return code
    if isinstance(cause, StrawberryInputCoercionError):
        return BAD_USER_INPUT
    return BAD_USER_INPUT if isinstance(cause, GraphQLError) and _concerns_argument(cause) else None


def innermost(error: Exception) -> Exception:
    """The exception that a resolver raised, without the errors that graphql-core wraps it in."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def new_reference() -> str:
    """A random reference that a client quotes and an operator finds in the log."""
    return secrets.token_hex(6)


def log_bug(bug: BaseException, reference: str, operation: str | None, **where: object) -> None:
    """Log a bug with its traceback, but without the document and its variables, which may hold personal data."""
    _log.error("operation failed", reference=reference, operation=operation, exc_info=bug, **where)


def _concerns_argument(error: GraphQLError) -> bool:
    # The error of an input value refers to that value in the document; the error of a resolver, to its field.
    return bool(error.nodes) and not any(isinstance(node, FieldNode) for node in error.nodes or ())


def _request_code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError) and error.description.endswith(_PARSING_ABORTED):
        return QUERY_TOO_COMPLEX
    code = getattr(type(innermost(error)), "error_code", None)
    return code if isinstance(code, str) else BAD_USER_INPUT


def _public(error: GraphQLError) -> GraphQLError:
    """The error without the text of an exception that a scalar's parser did not catch."""
    cause = innermost(error)
    if not isinstance(cause, GraphQLError) and public_code(cause) is None:
        error.message = error.message.replace(f", but encountered error '{cause}'; found", ", found")
    return error


def _coded(error: GraphQLError, code: str) -> FormattedError:
    public: FormattedError = error.formatted
    return {**public, "extensions": {**(error.extensions or {}), "code": code}}


def _masked(error: GraphQLError, reference: str) -> FormattedError:
    public: FormattedError = error.formatted
    return {**public, "message": _masked_message(reference), "extensions": {"code": INTERNAL, "reference": reference}}


def _masked_message(reference: str) -> str:
    return f"Something went wrong on our side. Quote reference {reference} when you report it."
