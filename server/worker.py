"""The worker: does what a committed change left to be done (each event gets its number in the journal, B30), and sweeps
out what has served its time.

It may be killed at any moment: everything it does is one transaction, or is found undone and done by the next round.
Several may run at once. Between two rounds it holds no connection.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta

from domain import accounts
from domain.journal import number_all
from domain.replay import sweep_replays
from domain.unit_of_work import Sessions, unbound
from server.database import Database
from server.settings import Settings

_SWEEP_SECONDS = 3600.0


async def run(database: Database, settings: Settings, stop: asyncio.Event) -> None:
    """Work until `stop` is set, and pause as long as set where there is nothing to do; what goes wrong is raised."""
    clock = asyncio.get_running_loop().time
    next_sweep = clock()
    while not stop.is_set():
        done = await number_all(database.sessions)
        if clock() >= next_sweep:
            await sweep(database.sessions, timedelta(seconds=settings.sign_in_window_seconds), stop)
            next_sweep = clock() + _SWEEP_SECONDS
        if not done:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), settings.worker_poll_seconds)


async def sweep(sessions: Sessions, window: timedelta, stop: asyncio.Event) -> None:
    """Delete counted sign-in attempts whose window has ended, and replays older than a day, account by account."""
    async with unbound(sessions) as session:
        await accounts.sweep_attempts(session, window)
        everybody = await accounts.list_accounts(session)
    for account in everybody:
        if stop.is_set():
            return
        await sweep_replays(sessions, account.account_id)
