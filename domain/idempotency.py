"""Idempotency: a request repeated with its key changes nothing and returns the same object (B29).

Only the id of the changed object is stored. The payload is read again as the actor, so a repeated request returns
nothing that the actor has lost access to. Refusals are not stored: they changed nothing, and may name hidden things.
"""

import hashlib
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from domain.database.model import Base, Json, SeenBy, Tenant
from domain.database.transaction import Sessions, transaction
from domain.errors import Invalid, Refusal
from domain.unit_of_work import UnitOfWork

LONGEST_KEY = 255
LIFETIME = timedelta(days=1)


class Replay(Tenant, Base):
    """The result of one keyed request of one actor; swept after a day."""

    __tablename__ = "replay"
    seen_by: ClassVar = SeenBy.OWNER

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    input_hash: Mapped[bytes]
    subject_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class KeyReused(Refusal):
    """The idempotency key was used before with another input."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was used with another input; choose a new key.", field=("idempotencyKey",)
        )


class IdempotentRequest(NamedTuple):
    """The operation of a request, the fingerprint of its input, and its idempotency key if it has one."""

    operation: str
    fingerprint: str
    key: str | None = None

    @property
    def input_hash(self) -> bytes:
        """The hash by which inputs are compared."""
        return hashlib.sha256(self.fingerprint.encode()).digest()


async def begin_request(work: UnitOfWork, request: IdempotentRequest) -> UUID | None:
    """Claim the key for this unit. Returns None if the request is new, else the id of the object it changed before.

    Declines IDEMPOTENCY_KEY_REUSED, and INVALID for keys that are empty or too long. A second request waits here until
    the first one has ended; if that was refused, the key is free and the second request runs.
    """
    if request.key is None:
        return None
    if not request.key or len(request.key) > LONGEST_KEY:
        raise Invalid(f"An idempotency key has 1 to {LONGEST_KEY} characters.", field=("idempotencyKey",))
    claim = insert(Replay).values(_identity(work, request) | {"input_hash": request.input_hash})
    mine = await work.session.execute(claim.on_conflict_do_nothing().returning(Replay.key))
    if mine.scalar_one_or_none() is not None:
        return None
    found = select(Replay).filter_by(**_identity(work, request))
    before = (await work.session.execute(found)).scalar_one()
    if before.input_hash != request.input_hash:
        raise KeyReused
    return before.subject_id


async def complete_request(work: UnitOfWork, request: IdempotentRequest, subject_id: UUID) -> None:
    """Store the id of the changed object with the change itself."""
    if request.key is not None:
        await work.session.execute(update(Replay).filter_by(**_identity(work, request)).values(subject_id=subject_id))


async def sweep_replays(sessions: Sessions, account_id: UUID) -> None:
    """Delete the account's replays that are older than a day, in a transaction of its own."""
    async with transaction(sessions, account_id) as session:
        old = Replay.at < func.now() - LIFETIME
        await session.execute(delete(Replay).where(Replay.account_id == account_id, old))


def _identity(work: UnitOfWork, request: IdempotentRequest) -> Json:
    return {
        "account_id": work.account_id,
        "actor_id": work.actor.id or UUID(int=0),
        "operation": request.operation,
        "key": request.key,
    }
