"""Payloads of ticket events: the same names for the same facts in every event."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from domain.database.model import Json

CREATED = ("key", "subject", "content", "priority", "stage_id", "owner_id", "team_id", "properties")
MOVED = ("pipeline_id", "stage_id", "rank", "key")


def payload_from(columns: Mapping[str, Any], names: Iterable[str]) -> Json:
    """Columns of a ticket as an event stores them: ids as texts, `stage_id` under the name `stage`."""
    return {name.removesuffix("_id"): _plain(columns[name]) for name in names}


def payload_of(ticket: object, names: Iterable[str]) -> Json:
    """The same from a ticket as it is now."""
    return payload_from({name: getattr(ticket, name) for name in names}, names)


def _plain(value: Any) -> Any:
    return _text(value) if isinstance(value, UUID) else value


@lru_cache(10_000)
def _text(value: UUID) -> str:
    # An import names a few stages and people many times.
    return str(value)
