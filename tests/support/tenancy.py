"""Entering an account in a transaction that a test began itself: only tests have reason to."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

_ENTER = text("SELECT set_config('app.account', :account, true)")


async def enter(session: AsyncSession | AsyncConnection, account_id: UUID | None) -> None:
    """Set the account for row-level security, for this transaction alone."""
    await session.execute(_ENTER, {"account": str(account_id or "")})
