"""Waiting for the worker: it does what a change left to be done, and nobody's slice is to pay for what another wrote."""

import asyncio

import asyncpg

from bench.errors import CannotMeasure

_PATIENCE = 600.0
_GLANCE = 0.2
_LEFT = "SELECT EXISTS (SELECT FROM outbox)"


async def settled(look: asyncpg.Connection) -> None:
    """Wait until every event has its number and counts are folded; CannotMeasure where that takes ten minutes."""
    try:
        async with asyncio.timeout(_PATIENCE):
            while await look.fetchval(_LEFT):  # noqa: ASYNC110 (nobody announces it)
                await asyncio.sleep(_GLANCE)
    except TimeoutError:
        raise CannotMeasure("The worker did not come to an end of what was left to be done.") from None
