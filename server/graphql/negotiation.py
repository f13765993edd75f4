"""Which media types a request may have and its response gets (GraphQL over HTTP, RFC 9110).

Clients that name no JSON type get `application/json`, as the `graphql-http` audits ask.
"""

from functools import lru_cache
from typing import NamedTuple

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"

_UTF_8 = {"utf-8", "utf8"}


class _Range(NamedTuple):
    media: str
    parameters: dict[str, str]

    @property
    def quality(self) -> float:
        try:
            return min(max(float(self.parameters.get("q", "1")), 0.0), 1.0)
        except ValueError:
            return 0.0

    @property
    def readable(self) -> bool:
        return self.parameters.get("charset", "utf-8") in _UTF_8


@lru_cache(maxsize=256)
def response_type(accept: str) -> str | None:
    """The best of our two types for an Accept header, or None if it takes neither; empty takes anything.

    The higher quality wins, then the more specific range; then the type that states its status codes plainly, if both
    are named, and `application/json`, if both only fall under a wildcard.
    """
    ranges = [_parsed(part) for part in accept.split(",") if part.strip()] or [_Range("*/*", {})]
    best: tuple[float, int, bool] | None = None
    chosen = None
    for media in (GRAPHQL_RESPONSE, JSON):
        quality, specificity = _match(media, ranges)
        rank = (quality, specificity, (media == GRAPHQL_RESPONSE) == (specificity == _EXACT))
        if quality > 0 and (best is None or rank > best):
            best, chosen = rank, media
    return chosen


def is_json(content_type: str) -> bool:
    """Whether a request body of this Content-Type is JSON in UTF-8, the only encoding that JSON has."""
    declared = _parsed(content_type)
    return declared.media == JSON and declared.readable


_EXACT = 2


def _match(media: str, ranges: list[_Range]) -> tuple[float, int]:
    levels = {"*/*": 0, "application/*": 1, media: _EXACT}
    matching = [(levels[one.media], one.quality) for one in ranges if one.media in levels and one.readable]
    if not matching:
        return 0.0, 0
    specificity, quality = max(matching)
    return quality, specificity


def _parsed(text: str) -> _Range:
    media, *parameters = text.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    values = {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}
    return _Range(media.strip().lower(), values)
