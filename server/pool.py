"""The pool of database connections: bounded, and whoever finds none in time hears that they should come back.

Without this they would hear that something went wrong on our side, and so would the log.
"""

from typing import ClassVar

import asyncpg
from sqlalchemy import AsyncAdaptedQueuePool, exc
from sqlalchemy.pool import ConnectionPoolEntry

from server.graphql.failing import BUSY, OVERLOADED


class NoConnectionFree(exc.TimeoutError):
    """All connections were in use for as long as one may wait, or PostgreSQL lets in no more."""

    error_code: ClassVar[str] = OVERLOADED

    def __init__(self) -> None:
        super().__init__(BUSY)


class BoundedPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's, with an error of our own."""

    def _do_get(self) -> ConnectionPoolEntry:
        try:
            return super()._do_get()
        except (exc.TimeoutError, asyncpg.TooManyConnectionsError):
            raise NoConnectionFree from None
