"""Deletes what is kept for a while only."""

import asyncio
from datetime import timedelta

from domain import accounts
from domain.idempotency import sweep_replays
from domain.unit_of_work import Sessions, unbound


async def sweep(sessions: Sessions, window: timedelta, stop: asyncio.Event) -> None:
    """Delete counted sign-in attempts whose window has ended, and, account by account, replays older than a day and
    sessions that ended over 30 days ago.
    """
    async with unbound(sessions) as session:
        await accounts.sweep_attempts(session, window)
        everybody = await accounts.list_accounts(session)
    for account in everybody:
        if stop.is_set():
            return
        await sweep_replays(sessions, account.account_id)
        await accounts.sweep_sessions(sessions, account.account_id)
