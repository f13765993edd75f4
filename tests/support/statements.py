"""Counting the statements that reach the database, so that an operation's cost is a number in a test.

They are counted at the driver, where each is a round trip. BEGIN, which sets the tenant, and COMMIT are what every unit
of work pays, as is reading the actor: those are counted apart.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

_TENANT = "set_config('app.account'"
_ACTOR = ("JOIN token ON", "JOIN app_secret ON")
_TYPES = ("typebases", "'jit'")  # once on each connection the driver asks what types there are
_ENDS = {"COMMIT", "ROLLBACK"}


@dataclass
class Statements:
    """What was executed since counting began, in its order."""

    tenant: int = 0
    actor: int = 0
    own: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All of them, but for the ends of transactions."""
        return self.tenant + self.actor + len(self.own)

    def add(self, statement: str) -> None:
        """Count one."""
        if _TENANT in statement:
            self.tenant += 1
        elif any(each in statement for each in _ACTOR):
            self.actor += 1
        elif statement.rstrip(";") not in _ENDS:
            self.own.append(statement)


class _Ear:
    """Hears each statement once: SQLAlchemy tells of those of a session, the driver of what it runs by itself, and both
    of what is run for many.
    """

    def __init__(self, counted: Statements) -> None:
        self._counted = counted
        self._told = Counter[str]()

    def before_cursor_execute(self, _connection: Any, _cursor: Any, said: str, *rest: Any) -> None:
        """A statement of a session; the last of the rest is whether it is run for many."""
        self._counted.add(said)
        self._told[said] += rest[-1]

    def checkout(self, connection: Any, *_: Any) -> None:
        """A connection is taken."""
        connection.driver_connection.add_query_logger(self._logged)

    def checkin(self, connection: Any, *_: Any) -> None:
        """A connection is given back, unless it was lost."""
        if connection is not None:
            connection.driver_connection.remove_query_logger(self._logged)

    def _logged(self, logged: Any) -> None:
        if self._told[logged.query]:
            self._told[logged.query] -= 1
        elif not any(each in logged.query for each in _TYPES):
            self._counted.add(logged.query)


@contextmanager
def counting(engine: AsyncEngine) -> Iterator[Statements]:
    """Counts the statements of a block; nothing else may use the engine meanwhile."""
    counted = Statements()
    ear = _Ear(counted)
    heard = [(name, getattr(ear, name)) for name in ("before_cursor_execute", "checkout", "checkin")]
    for name, hear in heard:
        event.listen(engine.sync_engine, name, hear)
    try:
        yield counted
    finally:
        for name, hear in heard:
            event.remove(engine.sync_engine, name, hear)
