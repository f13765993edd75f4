"""Idempotent replays: an operation sent again with its key answers what it answered before (B29).

What is kept is the id of what was touched; the payload is read anew as the actor, so that a replay shows nothing that
the actor has lost since. A refusal is not kept: it changed nothing, and it may name what the actor has lost since.
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
    """What one keyed operation of one actor came to; swept after a day."""

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
        super().__init__("This idempotency key was used with another input; make a new one.", field=("idempotencyKey",))


class IdempotentRequest(NamedTuple):
    """Which operation is asked for, with what input, under which idempotency key, if any."""

    operation: str
    fingerprint: str
    key: str | None = None

    @property
    def input_hash(self) -> bytes:
        """By which two inputs are told apart."""
        return hashlib.sha256(self.fingerprint.encode()).digest()


async def begin_request(work: UnitOfWork, once: IdempotentRequest) -> UUID | None:
    """Take the key for this unit: None when it is ours, the id of what was touched when it was done before.

    Raises KeyReused. A second request waits here until the first one ended; where that was refused, the key is free
    again, and the operation is judged anew.
    """
    if once.key is None:
        return None
    if not once.key or len(once.key) > LONGEST_KEY:
        raise Invalid(f"An idempotency key has 1 to {LONGEST_KEY} characters.", field=("idempotencyKey",))
    taken = insert(Replay).values(_identity(work, once) | {"input_hash": once.input_hash})
    mine = await work.session.execute(taken.on_conflict_do_nothing().returning(Replay.key))
    if mine.scalar_one_or_none() is not None:
        return None
    found = select(Replay).filter_by(**_identity(work, once))
    before = (await work.session.execute(found)).scalar_one()
    if before.input_hash != once.input_hash:
        raise KeyReused
    return before.subject_id


async def complete_request(work: UnitOfWork, once: IdempotentRequest, subject_id: UUID) -> None:
    """Remember, with the change itself, what a keyed operation touched."""
    if once.key is not None:
        await work.session.execute(update(Replay).filter_by(**_identity(work, once)).values(subject_id=subject_id))


async def sweep_replays(sessions: Sessions, account_id: UUID) -> None:
    """Delete the account's replays that are older than a day, in a transaction of its own."""
    async with transaction(sessions, account_id) as session:
        old = Replay.at < func.now() - LIFETIME
        await session.execute(delete(Replay).where(Replay.account_id == account_id, old))


def _identity(work: UnitOfWork, once: IdempotentRequest) -> Json:
    return {
        "account_id": work.account_id,
        "actor_id": work.actor.id or UUID(int=0),
        "operation": once.operation,
        "key": once.key,
    }
