"""Signed heads: reading them, handing them out to be kept elsewhere, and telling whether they fit the chain."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from domain.audit.chain import head_message
from domain.audit.seal import AuditHead, AuditSeal, Signer
from domain.audit.trouble import Finding, Trouble
from domain.authorization import denial
from domain.errors import NotFound
from domain.events.event import JournalEntry, Outbox
from domain.unit_of_work import UnitOfWork
from policies import Permission

_PAGE = 1000


class Head(NamedTuple):
    """A head as it is handed out; `public_key` is the one to verify it with, where the holder knows it."""

    account_id: UUID
    number: int
    digest: bytes
    key_id: str
    signature: bytes
    signed_at: datetime
    public_key: bytes | None = None

    @property
    def message(self) -> bytes:
        """What the signature is about."""
        return head_message(self.account_id, self.number, self.digest, self.signed_at)


class SealState(NamedTuple):
    """How far an account's events are sealed: the last seal and head, null before the first, and how many wait."""

    seal: AuditSeal | None
    head: AuditHead | None
    waiting: int


async def read_seal(work: UnitOfWork) -> SealState:
    """How far the account is sealed. Whoever may not read the audit log finds none: NOT_FOUND."""
    if denial(work.actor, Permission.AUDIT_VIEW) is not None:
        raise NotFound("audit log")
    mine = work.account_id
    seals = select(AuditSeal).where(AuditSeal.account_id == mine).order_by(AuditSeal.last_number.desc()).limit(1)
    seal = (await work.session.execute(seals)).scalar_one_or_none()
    heads = select(AuditHead).where(AuditHead.account_id == mine)
    newest = heads.order_by(AuditHead.number.desc(), AuditHead.signed_at.desc()).limit(1)
    head = (await work.session.execute(newest)).scalar_one_or_none()
    outbox = select(func.count()).select_from(Outbox).where(Outbox.account_id == mine)
    numbered = select(func.count()).select_from(JournalEntry).where(JournalEntry.account_id == mine)
    unsealed = numbered.where(JournalEntry.number > (seal.last_number if seal else 0))
    counts = select(outbox.scalar_subquery() + unsealed.scalar_subquery())
    return SealState(seal, head, (await work.session.execute(counts)).scalar_one())


async def judge_heads(work: UnitOfWork, signer: Signer, unknown: set[str]) -> list[Finding]:
    """What is wrong with the account's heads; adds to `unknown` the keys of those that cannot be verified here."""
    found: list[Finding] = []
    last_signed = 0
    async for head, sealed in _heads(work):
        if head.key_id != signer.key_id:
            unknown.add(head.key_id)
        elif not signer.verifies(signer.public_key, head.message, head.signature):
            found.append(Finding(Trouble.HEAD_UNTRUE, head.number))
        else:
            last_signed = head.number
        if sealed != head.digest:
            found.append(Finding(Trouble.HEAD_DIFFERS, head.number))
    newest = select(func.max(AuditSeal.last_number)).where(AuditSeal.account_id == work.account_id)
    last_sealed = (await work.session.execute(newest)).scalar_one() or 0
    if last_signed < last_sealed:
        found.append(Finding(Trouble.UNSIGNED, last_sealed))
    return found


async def judge_kept(work: UnitOfWork, kept: Sequence[Head], signer: Signer) -> list[Finding]:
    """What heads that were kept elsewhere say against the chain as it is now."""
    mine = select(AuditSeal.last_number, AuditSeal.digest).where(AuditSeal.account_id == work.account_id)
    rows = await work.session.execute(mine.where(AuditSeal.last_number.in_([head.number for head in kept])))
    digests: dict[int, bytes] = {row.last_number: row.digest for row in rows}
    newest = select(func.max(AuditSeal.last_number)).where(AuditSeal.account_id == work.account_id)
    last = (await work.session.execute(newest)).scalar_one() or 0
    found = []
    for head in kept:
        key = signer.public_key if head.key_id == signer.key_id else head.public_key
        if key is None or signer.name(key) != head.key_id or not signer.verifies(key, head.message, head.signature):
            found.append(Finding(Trouble.HEAD_STRANGE, head.number))
        elif head.number > last:
            found.append(Finding(Trouble.HEAD_LOST, head.number))
        elif digests.get(head.number) != head.digest:
            found.append(Finding(Trouble.HEAD_DIFFERS, head.number))
    return found


async def _heads(work: UnitOfWork) -> AsyncIterator[tuple[Head, bytes | None]]:
    """Every head in order, with the digest of the seal at its place."""
    here = and_(AuditSeal.account_id == AuditHead.account_id, AuditSeal.last_number == AuditHead.number)
    statement = select(AuditHead, AuditSeal.digest).outerjoin(AuditSeal, here)
    statement = statement.where(AuditHead.account_id == work.account_id)
    statement = statement.order_by(AuditHead.number, AuditHead.key_id).limit(_PAGE)
    after: tuple[int, str] = (0, "")
    while True:
        later = and_(AuditHead.number == after[0], AuditHead.key_id > after[1])
        page = statement.where(AuditHead.number >= after[0], or_(AuditHead.number > after[0], later))
        rows = (await work.session.execute(page)).all()
        for row, sealed in rows:
            yield head_of(row), sealed
            after = (row.number, row.key_id)
        if len(rows) < _PAGE:
            return


def head_of(row: AuditHead) -> Head:
    """A head as it is handed out, without its key."""
    return Head(row.account_id, row.number, row.digest, row.key_id, row.signature, row.signed_at)
