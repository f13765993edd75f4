"""Failed sign-ins: noted outside every account, known and unknown e-mail addresses alike, and later told to each
account in which the address is a member's (B18).

A sign-in costs the same whether the address is anybody's; who looks it up is the worker.
"""

from uuid import UUID

from sqlalchemy import any_, bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.types import Uuid

from domain.accounts import DirectoryEntry, DirectoryKind, look_up
from domain.actor import ActorKind
from domain.audit.seal import FailedSignIn
from domain.database.model import new_id
from domain.database.transaction import Session, Sessions, transaction
from domain.events.event import Event, EventKind, Outbox
from domain.unit_of_work import unbound

LONGEST_EMAIL = 254  # characters that an e-mail address may have
BATCH = 100


async def note_failure(session: Session, email: str, address: str | None, code: str) -> None:
    """Note that a sign-in failed, whoever was meant; in a session of no account."""
    row = {"id": new_id(), "email": email.strip().lower()[:LONGEST_EMAIL], "address": address, "code": code}
    await session.execute(insert(FailedSignIn).values(**row))


async def relay_failures(sessions: Sessions, batch: int = BATCH) -> int:
    """Tell the oldest failures to the accounts that they concern; returns how many there were.

    Each has the id of its note, so that a worker that was killed half way, or another one beside it, tells none twice.
    """
    async with unbound(sessions) as session:
        statement = select(FailedSignIn).order_by(FailedSignIn.id).limit(batch)
        failures = list((await session.execute(statement)).scalars())
        concerned = [(each, await look_up(session, DirectoryKind.EMAIL, each.email)) for each in failures]
    for failure, entries in concerned:
        for entry in entries:
            await _tell(sessions, failure, entry)
    if failures:
        told: list[UUID] = [failure.id for failure in failures]
        async with unbound(sessions) as session:
            await session.execute(
                delete(FailedSignIn).where(FailedSignIn.id == any_(bindparam("told", told, ARRAY(Uuid))))
            )
    return len(failures)


async def _tell(sessions: Sessions, failure: FailedSignIn, entry: DirectoryEntry) -> None:
    event = {
        "account_id": entry.account_id,
        "id": failure.id,
        "at": failure.at,
        "kind": EventKind.SIGN_IN_FAILED.value,
        "actor_kind": ActorKind.NOBODY.value,
        "address": failure.address,
        "object_kind": "user",
        "object_id": entry.target_id,
        "after": {"code": failure.code},
    }
    async with transaction(sessions, entry.account_id) as session:
        told = insert_new(Event).values(event).on_conflict_do_nothing().returning(Event.id)
        if (await session.execute(told)).scalar_one_or_none() is not None:
            waiting = {"account_id": entry.account_id, "event_id": failure.id, "at": failure.at}
            await session.execute(insert(Outbox).values(waiting))
