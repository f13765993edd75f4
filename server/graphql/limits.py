"""How much one request may ask for. The settings fill it (server/application); no other page holds a number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of the endpoint, all checked before a resolver runs, except the last group."""

    body_bytes: int = 1 << 20
    receive_seconds: float = 30.0

    characters: int = 100_000
    tokens: int = 5_000
    definitions: int = 100
    depth: int = 15
    aliases: int = 50
    root_fields: int = 20
    directives: int = 100
    # Fields, spreads and inline fragments of a whole document, each fragment counted wherever it is spread.
    selections: int = 2_000

    cost: int = 50_000
    # What a list is taken to hold where the request does not say it.
    assumed_items: int = 10

    operation_seconds: float = 10.0
    running: int = 64
    waiting: int = 256
    # Valid documents kept parsed, measured by their text; syntax trees are some 200 times larger.
    cached_characters: int = 250_000
