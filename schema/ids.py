"""Global ids: opaque texts that hold the kind of thing and its UUID (Relay's Global Object Identification)."""

import base64
import binascii
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from schema.errors import BadInput

_KEPT = 16_384  # ids of tickets, some 3 MB
NOBODY = UUID(int=0)


class Kind(StrEnum):
    """The kinds of things that have a global id."""

    ACCOUNT = "Account"
    PIPELINE = "Pipeline"
    STAGE = "Stage"
    TICKET = "Ticket"
    USER = "User"
    TEAM = "Team"
    ROLE = "CustomRole"
    APP = "App"
    APP_SECRET = "AppSecret"  # noqa: S105 (a name, and no secret)
    SESSION = "Session"
    AUDIT_EVENT = "AuditEvent"


def global_id(kind: Kind, id: UUID) -> str:
    """The global id of a thing."""
    return base64.urlsafe_b64encode(f"{kind}:{id.hex}".encode()).decode().rstrip("=")


def ticket_id(id: UUID) -> str:
    """The global id of a ticket: what `global_id` says, and quicker, since a board has hundreds.

    A kind and an id in ASCII give none of the letters in which the two alphabets of base64 differ, and these 39 bytes
    need no padding.
    """
    return binascii.b2a_base64(b"Ticket:" + id.hex.encode(), newline=False).decode()


@lru_cache(_KEPT)
def rendered_ticket_id(digits: str) -> str:
    """The global id of the ticket whose UUID has these digits, as text of JSON."""
    return f'"{binascii.b2a_base64(b"Ticket:" + digits.encode(), newline=False).decode()}"'


def read_id(text: str) -> tuple[Kind, UUID]:
    """The kind and the UUID of a global id; BadInput for what never was one."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        kind, _, digits = raw.decode("ascii").partition(":")
        return Kind(kind), UUID(hex=digits)
    except (ValueError, binascii.Error):
        raise BadInput(f"{text[:100]!r} is not an id of this API.") from None


def uuid_of(kind: Kind, text: str) -> UUID:
    """The UUID of a thing that should be of this kind; another kind's id is one that nothing has (settled choice
    17).
    """
    found, uuid = read_id(text)
    return uuid if found is kind else NOBODY


def optional_uuid(kind: Kind, text: str | None) -> UUID | None:
    """The same for an id that may be null."""
    return None if text is None else uuid_of(kind, text)
