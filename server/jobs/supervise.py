"""The care that a worker needs wherever it runs: after a failure it is started again."""

import asyncio
from contextlib import suppress

import structlog

from server.auth.audit_key import AuditKey
from server.database.engine import lost
from server.database.pool import NoConnectionFree
from server.jobs import worker
from server.runtime import Opened

log = structlog.get_logger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds


async def supervise(it: Opened, stop: asyncio.Event) -> None:
    """Run the worker until `stop`, starting it again whenever it fails, as while the database is away."""
    pause, signer = _FIRST_PAUSE, AuditKey(it.secret_key())
    while not stop.is_set():
        started = asyncio.get_running_loop().time()
        try:
            await worker.run(it.database, it.settings, stop, signer)
        except Exception as error:
            if asyncio.get_running_loop().time() - started > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            if lost(error) or isinstance(error, NoConnectionFree):
                reason = next(iter(str(error).splitlines()), type(error).__name__)
                log.warning("the worker waits for the database", seconds=pause, reason=reason)
            else:
                log.exception("the worker failed and starts again", seconds=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
