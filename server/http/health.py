"""Two answers for whoever watches over the process: whether it lives, and whether it can do its work.

Neither tells anything about accounts, so neither asks for a token.
"""

import asyncio

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from migrations.run import newest
from server.database.engine import Database

_PATIENCE = 2.0  # seconds
_NEVER_KEPT = {"Cache-Control": "no-store"}


def routes(database: Database) -> list[Route]:
    """`/healthz` (200 as long as the process answers) and `/readyz` (503 with a reason while it cannot serve)."""

    async def readyz(_: Request) -> JSONResponse:
        reason = await _hindrance(database)
        if reason is None:
            return JSONResponse({"status": "ready"}, headers=_NEVER_KEPT)
        return JSONResponse({"status": "unavailable", "reason": reason}, status_code=503, headers=_NEVER_KEPT)

    return [Route("/healthz", _healthz, methods=["GET"]), Route("/readyz", readyz, methods=["GET"])]


async def _healthz(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"}, headers=_NEVER_KEPT)


async def _hindrance(database: Database) -> str | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            revision = await database.revision()
    except (OSError, SQLAlchemyError):
        return "The database does not answer."
    if revision != newest():
        return "The tables are not at this release's revision."
    return None
