"""Counting the statements that reach the database, so that an operation's cost is a number in a test.

They are counted at the driver, where each is a round trip. BEGIN, which sets the tenant, and COMMIT are what every unit
of work pays, as is reading the actor: those are counted apart.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

_TENANT = "set_config('app.account'"
_ACTOR = ("JOIN token ON", "JOIN app_secret ON")
_TYPES = "pg_catalog."  # once on each connection the driver asks what types there are
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


@contextmanager
def counting(engine: AsyncEngine) -> Iterator[Statements]:
    """Counts the statements of a block; nothing else may use the engine meanwhile.

    Of a session SQLAlchemy tells, of what is run on the driver the driver, and of many at once both of them.
    """
    counted, told_twice = Statements(), Counter[str]()

    def said(_connection: Any, _cursor: Any, statement: str, _given: Any, _context: Any, many: bool) -> None:
        counted.add(statement)
        told_twice[statement] += many

    def logged(query: Any) -> None:
        if told_twice[query.query]:
            told_twice[query.query] -= 1
        elif _TYPES not in query.query:
            counted.add(query.query)

    def taken(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.driver_connection.add_query_logger(logged)

    def given_back(connection: Any, _record: Any) -> None:
        if connection is not None:
            connection.driver_connection.remove_query_logger(logged)

    heard: dict[str, Callable[..., None]] = {"before_cursor_execute": said, "checkout": taken, "checkin": given_back}
    for name, hear in heard.items():
        event.listen(engine.sync_engine, name, hear)
    try:
        yield counted
    finally:
        for name, hear in heard.items():
            event.remove(engine.sync_engine, name, hear)
