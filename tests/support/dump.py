"""Every row of an account, as the owner of the tables reads them: what a test compares to see that nothing changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.accounts.account import Account
from domain.accounts.identity_link import IdentityLink
from domain.accounts.user import Identity, Throttle, User
from domain.audit import FailedSignIn
from domain.database.model import Base

Rows = dict[str, list[Any]]

# Of no account; identities and their links are those of the account's users.
_GLOBAL = {each.__tablename__ for each in (FailedSignIn, Throttle, Identity, IdentityLink, Account)}


async def dump(owner: AsyncEngine, account_id: UUID) -> Rows:
    """All rows of the account in all tables, each table's in one order. The tables' walls bind their owner too."""
    async with owner.begin() as connection:
        await connection.execute(text("SELECT set_config('app.account', :id, true)"), {"id": str(account_id)})
        found: Rows = {}
        for table in Base.metadata.sorted_tables:
            if table.name not in _GLOBAL:
                found[table.name] = await _rows(connection, table, table.c.account_id == account_id)
        found["account"] = await _rows(connection, Base.metadata.tables["account"], Account.id == account_id)
        people = select(User.identity_id).where(User.account_id == account_id)
        found["identity"] = await _rows(connection, Base.metadata.tables["identity"], Identity.id.in_(people))
        linked = IdentityLink.identity_id.in_(people)
        found["identity_link"] = await _rows(connection, Base.metadata.tables["identity_link"], linked)
        return found


async def _rows(connection: Any, table: Table, condition: Any) -> list[Any]:
    rows = await connection.execute(select(table).where(condition))
    return sorted((tuple(row) for row in rows), key=repr)
