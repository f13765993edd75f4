"""The pool of database connections: bounded, and whoever finds none in time hears that they should come back.

Without this they would hear that something went wrong on our side, and so would the log.
"""

from typing import Any, ClassVar

from sqlalchemy import AsyncAdaptedQueuePool, exc
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.util.queue import Empty

from server.graphql.request_errors import BUSY, OVERLOADED

_TOO_MANY = "53300"  # too_many_connections


class NoConnectionFree(exc.TimeoutError):
    """All connections were in use for as long as one may wait, or PostgreSQL lets in no more."""

    error_code: ClassVar[str] = OVERLOADED

    def __init__(self) -> None:
        super().__init__(BUSY)


class BoundedPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's, with an error of our own, and with idle connections to be had at once.

    The last one given back is the next to be lent, so that few are in use when few are needed.
    """

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options | {"use_lifo": True})
        self._waiting = 0

    def take_idle(self) -> PoolProxiedConnection | None:
        """A connection that lies here and is alive, without waiting, and so outside a greenlet; else None."""
        if self._waiting:
            return None  # whoever waits was first
        try:
            record = self._pool.get_nowait()
        except Empty:
            return None
        self._pool.put_nowait(record)  # it is the next to be lent
        held = record.dbapi_connection
        alive = held is not None and not held.driver_connection.is_closed()
        begun: float = record.starttime  # type: ignore[attr-defined]  # every record has one
        return self.connect() if alive and begun > self._invalidate_time else None

    def _do_get(self) -> ConnectionPoolEntry:
        self._waiting += 1
        try:
            return super()._do_get()
        except exc.TimeoutError:
            raise NoConnectionFree from None
        except Exception as error:
            if getattr(error, "sqlstate", None) == _TOO_MANY:
                raise NoConnectionFree from None
            raise
        finally:
            self._waiting -= 1
