"""The worker: does what a committed change left to be done (each event gets its number in the journal, B30, and its
place in the sealed audit chain, B18; kept counts are folded), tells failed sign-ins to whom they concern, and sweeps
out what has served its time.

It may be killed at any moment: everything it does is one transaction, or is found undone and done by the next round.
Several may run at once. Between two rounds it holds no connection.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from domain import audit, boards
from domain.database.transaction import Session
from domain.events.journal import number_all
from server.auth.revocation import tell
from server.database.engine import Database
from server.jobs.audit_sealer import Sealing
from server.jobs.sweep import sweep
from server.settings import Settings

_SWEEP_SECONDS = 3600.0


async def run(database: Database, settings: Settings, stop: asyncio.Event, signer: audit.Signer) -> None:
    """Work until `stop` is set, and pause as long as set where there is nothing to do; what goes wrong is raised."""
    clock = asyncio.get_running_loop().time
    next_sweep = clock()
    sealing, left = Sealing(database.sessions, signer), True

    async def afterwards(session: Session, account_id: UUID) -> None:
        await sealing.seal(session, account_id)
        await boards.fold_counts(session, account_id)

    window = max(timedelta(seconds=settings.sign_in_window_seconds), audit.DENIALS_WINDOW)
    while not stop.is_set():
        narrowed: set[UUID] = set()
        done = await number_all(database.sessions, narrowed, afterwards=afterwards)
        await tell(database, narrowed)
        if clock() >= next_sweep:
            await sweep(database.sessions, window, stop)
            next_sweep = clock() + _SWEEP_SECONDS
        done += await audit.relay_failures(database.sessions)
        left = left and await sealing.catch_up()
        if not done and not left:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), settings.worker_poll_seconds)
