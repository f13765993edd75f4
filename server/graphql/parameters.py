"""Decodes and checks the four parameters of a GraphQL request, from a body or a query string.

A request that is not well-formed is rejected here with one sentence; documents.py parses the document itself.
"""

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from server.graphql.request_errors import RequestError, malformed, refused

_NAMES = ("query", "operationName", "variables", "extensions")
_NUL_ESCAPE = b"\\u0000"


class Parameters(NamedTuple):
    """One request: the text of the document, and the values to execute it with."""

    query: str
    operation_name: str | None
    variables: dict[str, Any]
    extensions: dict[str, Any]


def from_body(body: bytes) -> Parameters:
    """The parameters of a POST; raises RequestError for anything but a JSON object with members of the right types."""
    if not body:
        raise malformed("The request has no body.")
    decoded = _decode(body, "The body")
    if isinstance(decoded, list):
        raise malformed("Batches are not supported: send one operation per request.")
    if not isinstance(decoded, dict):
        raise malformed("The body is not a JSON object with a query.")
    if _may_repeat(body):
        _reject_repeated(body)
    return _check(decoded, may_hold_nul=_NUL_ESCAPE in body)


def from_query_string(text: bytes) -> Parameters:
    """The parameters of a GET; by the specification an empty parameter counts as absent."""
    try:
        pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=32)
    except ValueError:
        raise malformed("The query string is not form-encoded UTF-8 text with at most 32 parameters.") from None
    names = [name for name, _ in pairs]
    if repeated := next((name for name in _NAMES if names.count(name) > 1), None):
        raise malformed(f"The parameter {repeated} is given more than once.")
    given: dict[str, Any] = {name: value for name, value in pairs if value}
    may_hold_nul = False
    for name in ("variables", "extensions"):
        if name in given:
            encoded = given[name].encode()
            may_hold_nul = may_hold_nul or _NUL_ESCAPE in encoded
            given[name] = _decode(encoded, f"The parameter {name}")
    return _check(given, may_hold_nul=may_hold_nul)


def _decode(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise malformed(f"{what} is not JSON: {error.msg}.") from None


def _check(given: dict[str, Any], *, may_hold_nul: bool) -> Parameters:
    query = given.get("query")
    if query is None:
        raise malformed("The request has no query.")
    if not isinstance(query, str):
        raise _wrong_type("query", "a string")
    operation_name = given.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise _wrong_type("operationName", "a string")
    variables, extensions = given.get("variables"), given.get("extensions")
    if variables is not None and not isinstance(variables, dict):
        raise _wrong_type("variables", "an object")
    if extensions is not None and not isinstance(extensions, dict):
        raise _wrong_type("extensions", "an object")
    if may_hold_nul and _holds_nul(variables):
        raise refused("A variable contains the character U+0000, which is not supported.")
    return Parameters(query, operation_name, variables or {}, extensions or {})


def _wrong_type(name: str, expected: str) -> RequestError:
    return malformed(f"The parameter {name} is not {expected}.")


def _may_repeat(body: bytes) -> bool:
    # A name with escapes would not be counted; the escape of every letter in our names begins with these two digits.
    return b"\\u00" in body or any(body.count(b'"%b"' % name.encode()) > 1 for name in _NAMES)


def _reject_repeated(body: bytes) -> None:
    members: list[tuple[str, Any]] = []

    def keep(pairs: list[tuple[str, Any]]) -> None:
        # The outermost object is closed last.
        members[:] = pairs

    try:
        json.loads(body.decode(), object_pairs_hook=keep, parse_int=float)
    except RecursionError:
        raise malformed("The body is nested too deeply.") from None
    names = [name for name, _ in members]
    if repeated := next((name for name in _NAMES if names.count(name) > 1), None):
        raise malformed(f"The parameter {repeated} is given more than once.")


def _holds_nul(value: Any) -> bool:
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, str):
            if "\0" in current:
                return True
        elif isinstance(current, dict):
            pending += current.keys()
            pending += current.values()
        elif isinstance(current, list):
            pending += current
    return False
