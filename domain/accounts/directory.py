"""The one function by which outside names lead to accounts and memberships, before any account is known (settled 1)."""

from uuid import UUID

from sqlalchemy import select

from domain.accounts.account import DirectoryEntry, DirectoryKind
from domain.database.transaction import Session


async def look_up(session: Session, kind: DirectoryKind, name: str) -> list[DirectoryEntry]:
    """Every entry of that kind and name, in the order of the accounts' ids; e-mail addresses are compared in lower
    case.
    """
    statement = select(DirectoryEntry).where(DirectoryEntry.kind == kind.value, DirectoryEntry.name == name.lower())
    return list((await session.execute(statement.order_by(DirectoryEntry.account_id))).scalars())


async def list_accounts(session: Session) -> list[DirectoryEntry]:
    """The entry of every account by slug, for operators and the worker."""
    statement = select(DirectoryEntry).where(DirectoryEntry.kind == DirectoryKind.ACCOUNT.value)
    return list((await session.execute(statement.order_by(DirectoryEntry.name))).scalars())


def enlist(session: Session, kind: DirectoryKind, name: str, account_id: UUID, target_id: UUID) -> None:
    """Make an outside name lead to a thing of an account."""
    session.add(DirectoryEntry(kind=kind.value, name=name.lower(), account_id=account_id, target_id=target_id))
