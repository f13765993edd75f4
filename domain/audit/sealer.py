"""Sealing: events that have their journal numbers are chained, batch by batch, and the new head is signed (settled
choice 11).

The chain itself is made by `seal_audit` in the database, since the serving role can write no seal. It holds the journal
head, so that of several workers one seals at a time; killed at any moment, a batch is sealed and signed, or untouched.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select, text

from domain.audit.chain import head_message
from domain.audit.heads import head_of
from domain.audit.seal import AuditHead, AuditSeal, Signer
from domain.database.transaction import Session, Sessions, transaction

BATCH = 1000

_SAME_PLACE = and_(AuditSeal.account_id == AuditHead.account_id, AuditSeal.last_number == AuditHead.number)
_SEAL = text("SELECT last_sealed, chained FROM seal_audit(:most)")


class Sealed(NamedTuple):
    """The last number that is sealed now. `signed` is off where an earlier head is not what the seals say, or is gone:
    somebody changed the chain, and we do not put our name to it.
    """

    number: int
    signed: bool


async def seal_events(session: Session, account_id: UUID, signer: Signer, most: int = BATCH) -> Sealed | None:
    """Seal the next events of the account that the session entered, and sign; None where none wait.

    A gap in the journal is not sealed over. Runs in the transaction that numbered the events, or in its own.
    """
    sealed = (await session.execute(_SEAL, {"most": most})).one_or_none()
    if sealed is None:
        return None
    number, digest = sealed
    signed = await _stands(session, account_id, signer, number)
    if signed:
        await _sign(session, account_id, signer, number, digest)
    return Sealed(number, signed)


async def seal_account(sessions: Sessions, account_id: UUID, signer: Signer) -> Sealed | None:
    """Seal all that waits in an account, as earlier releases left it, in transactions of their own; and sign the last
    seal anew where another key signed it.
    """
    last: Sealed | None = None
    while True:
        async with transaction(sessions, account_id) as session:
            sealed = await seal_events(session, account_id, signer)
            if sealed is None:
                return last or await _sign_again(session, account_id, signer)
            last = sealed


async def _stands(session: Session, account_id: UUID, signer: Signer, number: int) -> bool:
    """Whether the newest head before `number` is what the seal at its place says; the first seal has none before it."""
    earlier = select(AuditHead, AuditSeal.digest).outerjoin(AuditSeal, _SAME_PLACE)
    earlier = earlier.where(AuditHead.account_id == account_id, AuditHead.number < number)
    row = (await session.execute(earlier.order_by(AuditHead.number.desc()).limit(1))).one_or_none()
    if row is None:
        seals = select(func.count()).select_from(AuditSeal)
        others = seals.where(AuditSeal.account_id == account_id, AuditSeal.last_number < number)
        return (await session.execute(others)).scalar_one() == 0
    head, digest = row
    if head.digest != digest:
        return False
    if head.key_id != signer.key_id:
        return True
    return signer.verifies(signer.public_key, head_of(head).message, head.signature)


async def _sign_again(session: Session, account_id: UUID, signer: Signer) -> Sealed | None:
    last = select(AuditSeal).where(AuditSeal.account_id == account_id).order_by(AuditSeal.last_number.desc()).limit(1)
    seal = (await session.execute(last)).scalar_one_or_none()
    if seal is None:
        return None
    heads = select(AuditHead).where(AuditHead.account_id == account_id, AuditHead.number == seal.last_number)
    found = list((await session.execute(heads)).scalars())
    signed = bool(found) and all(head.digest == seal.digest for head in found)
    if signed and all(head.key_id != signer.key_id for head in found):
        await _sign(session, account_id, signer, seal.last_number, seal.digest)
    return Sealed(seal.last_number, signed)


async def _sign(session: Session, account_id: UUID, signer: Signer, number: int, digest: bytes) -> None:
    now = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    signature = signer.sign(head_message(account_id, number, digest, now))
    session.add(
        AuditHead(
            account_id=account_id,
            number=number,
            key_id=signer.key_id,
            digest=digest,
            signature=signature,
            signed_at=now,
        )
    )
    await session.flush()
