"""What a client hears of an error.

An exception whose class has an `error_code` is meant for the client, and so is whatever is wrong with the request.
Everything else is our bug: it gets a reference, is logged once, and its text stays here.
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

# How graphql-core ends the message of every limit of its parser, and says that its validation gave up.
_PARSING_ABORTED = "Parsing aborted."
_VALIDATION_ABORTED = "Validation aborted."
_KINDS_LOGGED = 10


def request_errors(errors: Sequence[GraphQLError]) -> list[FormattedError]:
    """Errors of parsing, validation or variables, all with a code."""
    if any(error.message == _VALIDATION_ABORTED for error in errors):
        return [formatted("The document nests or repeats too much to be checked.", QUERY_TOO_COMPLEX)]
    return [_coded(_public(error), _request_code(error)) for error in errors]


def field_errors(errors: Sequence[GraphQLError], operation: str | None) -> list[FormattedError]:
    """Errors of resolvers; the masked ones of an operation share one reference, and each kind is logged once."""
    reference = new_reference()
    logged: set[tuple[object, ...]] = set()
    shown = []
    for error in errors:
        cause = innermost(error)
        if code := public_code(cause):
            shown.append(_coded(error, code))
            continue
        shown.append(_masked(error, reference))
        kind = (type(cause), *(step for step in error.path or () if isinstance(step, str)))
        if kind not in logged and len(logged) < _KINDS_LOGGED:
            logged.add(kind)
            log_bug(cause, reference, operation, path=error.path)
    return shown


def come_back(errors: Sequence[GraphQLError], data: Mapping[str, Any] | None) -> RequestError | None:
    """The answer to the whole request, where a field met a limit of its sender, or found the server too busy when no
    other field had an answer.
    """
    for cause in map(innermost, errors):
        code = public_code(cause)
        if code == RATE_LIMITED:
            return rate_limited(str(cause), getattr(cause, "retry_after", 1))
        if code == OVERLOADED and all(value is None for value in (data or {}).values()):
            return overloaded(str(cause))
    return None


def forget(errors: Sequence[GraphQLError]) -> None:
    """Take the tracebacks from errors that are meant for the client: an error leads to frames and these to the error, a
    circle that only the garbage collector would end. Those of bugs are left to the log, and are rare.
    """
    pending: list[BaseException | None] = [error for error in errors if public_code(innermost(error))]
    while pending:
        error = pending.pop()
        if error is not None and error.__traceback__ is not None:
            error.__traceback__ = None
            pending += [getattr(error, "original_error", None), error.__cause__, error.__context__]


def internal_error(bug: BaseException) -> FormattedError:
    """Log a bug that is no resolver's, and what to tell the client."""
    reference = new_reference()
    log_bug(bug, reference, None)
    return formatted(_apology(reference), INTERNAL, reference=reference)


def public_code(cause: BaseException) -> str | None:
    """The code under which an exception is shown, or None if it is masked."""
    code = getattr(type(cause), "error_code", None)
    if isinstance(code, str):
        return code
    if isinstance(cause, StrawberryInputCoercionError):
        return BAD_USER_INPUT
    return BAD_USER_INPUT if isinstance(cause, GraphQLError) and _is_about_an_argument(cause) else None


def innermost(error: Exception) -> Exception:
    """The exception that a resolver raised, below what the library wraps it in."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def new_reference() -> str:
    """What a client quotes and an operator looks for in the log."""
    return secrets.token_hex(6)


def log_bug(bug: BaseException, reference: str, operation: str | None, **where: object) -> None:
    """Log a bug with its traceback, and neither the document nor variables, which hold people's data."""
    _log.error("operation failed", reference=reference, operation=operation, exc_info=bug, **where)


def _is_about_an_argument(error: GraphQLError) -> bool:
    # What fails to be read points at the value in the document; what a resolver returned, at the field.
    return bool(error.nodes) and not any(isinstance(node, FieldNode) for node in error.nodes or ())


def _request_code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError) and error.description.endswith(_PARSING_ABORTED):
        return QUERY_TOO_COMPLEX
    code = getattr(type(innermost(error)), "error_code", None)
    return code if isinstance(code, str) else BAD_USER_INPUT


def _public(error: GraphQLError) -> GraphQLError:
    """The error without the text of an exception that some scalar's parser let through."""
    cause = innermost(error)
    if not isinstance(cause, GraphQLError) and public_code(cause) is None:
        error.message = error.message.replace(f", but encountered error '{cause}'; found", ", found")
    return error


def _coded(error: GraphQLError, code: str) -> FormattedError:
    shown: FormattedError = error.formatted
    return {**shown, "extensions": {**(error.extensions or {}), "code": code}}


def _masked(error: GraphQLError, reference: str) -> FormattedError:
    shown: FormattedError = error.formatted
    return {**shown, "message": _apology(reference), "extensions": {"code": INTERNAL, "reference": reference}}


def _apology(reference: str) -> str:
    return f"Something went wrong on our side. Quote reference {reference} when you report it."
