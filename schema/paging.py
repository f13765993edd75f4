"""Connections: pages of cards with sealed cursors (Relay's Cursor Connections)."""

import json
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import strawberry

from domain.page import NameCursor, RankCursor
from resolvers.ports import Seal
from schema.errors import BadInput

DEFAULT_PAGE = 50

_KEPT = 16_384  # cursors of cards, some 8 MB


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's page info; pages go forward only."""

    has_next_page: bool = strawberry.field(description="Whether there are more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether the page was asked for with `after`.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item; null on an empty page.")


@lru_cache(_KEPT)
def seal_card(seal: Seal, bound: bytes, epoch: int, rank: str, digits: str) -> str:
    """An opaque cursor that works for one account and one stage only; a card's id is given by its digits.

    The same place always has the same one, and boards are read again and again, so the latest are kept.
    """
    # JSON, written by hand since a board has hundreds: a rank is letters and digits.
    return seal.seal(f'[{epoch},"{rank}","{digits}"]'.encode(), bound)


def open_card(seal: Seal, text: str, bound: bytes) -> RankCursor:
    """What a cursor holds; BadInput when it was changed, or was given for another account or stage."""
    try:
        epoch, rank, ticket = json.loads(seal.open(text, bound))
    except ValueError:
        raise BadInput("This cursor is not one that was given for this list; start from the beginning.") from None
    return RankCursor(epoch, rank, UUID(hex=ticket))


def bound_to(account_id: UUID, stage_id: UUID) -> bytes:
    """What a card cursor is bound to."""
    return account_id.bytes + stage_id.bytes


def seal_name(seal: Seal, cursor: NameCursor, bound: bytes) -> str:
    """An opaque cursor in a list by name, which works for that list of one account only."""
    payload = json.dumps([cursor.name, cursor.id.hex], separators=(",", ":"))
    return seal.seal(payload.encode(), bound)


def open_name(seal: Seal, text: str, bound: bytes) -> NameCursor:
    """What a cursor holds; BadInput when it was changed, or was given for another list."""
    try:
        name, thing = json.loads(seal.open(text, bound))
    except ValueError:
        raise BadInput("This cursor is not one that was given for this list; start from the beginning.") from None
    return NameCursor(name, UUID(hex=thing))


def bound_to_members(account_id: UUID) -> bytes:
    """What a cursor among the members of an account is bound to."""
    return account_id.bytes + b"members"


def seal_moment(seal: Seal, place: tuple[datetime, UUID], bound: bytes) -> str:
    """An opaque cursor in a list by time, which works for that list of one account only."""
    at, thing = place
    return seal.seal(json.dumps([at.isoformat(), thing.hex], separators=(",", ":")).encode(), bound)


def open_moment(seal: Seal, text: str, bound: bytes) -> tuple[datetime, UUID]:
    """What a cursor holds; BadInput when it was changed, or was given for another list."""
    try:
        at, thing = json.loads(seal.open(text, bound))
    except ValueError:
        raise BadInput("This cursor is not one that was given for this list; start from the beginning.") from None
    return datetime.fromisoformat(at), UUID(hex=thing)


def bound_to_audit(account_id: UUID) -> bytes:
    """What a cursor in the audit log of an account is bound to."""
    return account_id.bytes + b"audit"
