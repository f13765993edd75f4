"""The limits of one request. server/application.py takes them from the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of the endpoint; all but the last group are checked before a resolver runs."""

    body_bytes: int = 1 << 20
    receive_seconds: float = 30.0

    characters: int = 100_000
    tokens: int = 5_000
    definitions: int = 100
    depth: int = 15
    aliases: int = 50
    root_fields: int = 20
    directives: int = 100
    # Fields, spreads and inline fragments of a document; a fragment counts again wherever it is spread.
    selections: int = 2_000

    cost: int = 50_000
    # The assumed size of a list where the request gives none.
    assumed_items: int = 10

    operation_seconds: float = 10.0
    running: int = 64
    waiting: int = 256
    # Valid documents in the cache, measured by their text; syntax trees are some 200 times larger.
    cached_characters: int = 250_000
