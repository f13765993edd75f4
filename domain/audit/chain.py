"""The arithmetic of the audit chain, pure: what a link says of an event, and how one digest follows from another.

The database says the same in `seal_audit` (migrations/versions/0006_audit.py), and verifying compares the two. Values
stand with their length in front, and null as a dash, so that no two events give the same bytes (decision 21).
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

_BEGINNING = "sluicegate audit 1"
_HEAD = "sluicegate audit head 1"


def beginning(account_id: UUID) -> bytes:
    """The digest before the first event of an account: no chain can stand for that of another account."""
    return hashlib.sha256(f"{_BEGINNING} {account_id}".encode()).digest()


def commitment(salt: bytes, personal: Sequence[str | None]) -> bytes:
    """What a link holds in the place of address, before and after, the last two as the database writes their JSON."""
    return hashlib.sha256(salt + _written(personal)).digest()


def following(digest: bytes, said: Sequence[str | None], committed: bytes) -> bytes:
    """The digest after one more event."""
    return hashlib.sha256(digest + _written(said) + committed).digest()


def head_message(account_id: UUID, number: int, digest: bytes, signed_at: datetime) -> bytes:
    """What is signed: five lines of text, for whoever verifies a head without us."""
    moment = signed_at.astimezone(UTC).isoformat(timespec="microseconds")
    return "\n".join((_HEAD, str(account_id), str(number), digest.hex(), moment)).encode()


def _written(values: Sequence[str | None]) -> bytes:
    parts = [None if value is None else value.encode() for value in values]
    return b"".join(b"-" if part is None else b"%d:%b" % (len(part), part) for part in parts)
