"""The media types of requests and responses (GraphQL over HTTP, RFC 9110).

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
    def utf_8(self) -> bool:
        return self.parameters.get("charset", "utf-8") in _UTF_8


@lru_cache(maxsize=256)
def response_type(accept: str) -> str | None:
    """The better of our two types for an Accept header, or None if it accepts neither; an empty header accepts both.

    The higher quality wins, then the more specific range. If both types are named, `application/graphql-response+json`
    wins, because its status codes are exact; if both match a wildcard only, `application/json` wins.
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
    """Whether a Content-Type is that of JSON in UTF-8, the only encoding of JSON."""
    declared = _parsed(content_type)
    return declared.media == JSON and declared.utf_8


_EXACT = 2


def _match(media: str, ranges: list[_Range]) -> tuple[float, int]:
    levels = {"*/*": 0, "application/*": 1, media: _EXACT}
    matching = [(levels[one.media], one.quality) for one in ranges if one.media in levels and one.utf_8]
    if not matching:
        return 0.0, 0
    specificity, quality = max(matching)
    return quality, specificity


def _parsed(text: str) -> _Range:
    media, *parameters = text.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    values = {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}
    return _Range(media.strip().lower(), values)
