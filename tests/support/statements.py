"""Counting the statements that reach the database, so that an operation's cost is a number in a test.

BEGIN and COMMIT are the driver's and are not seen here. What every unit of work pays before its own reads, setting the
tenant and reading the actor, is counted apart by name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

_TENANT = "set_config('app.account'"
_ACTOR = ("JOIN token ON", "JOIN app_secret ON")


@dataclass
class Statements:
    """What was executed since counting began, in its order."""

    tenant: int = 0
    actor: int = 0
    own: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All of them."""
        return self.tenant + self.actor + len(self.own)

    def add(self, statement: str) -> None:
        """Count one."""
        if _TENANT in statement:
            self.tenant += 1
        elif any(each in statement for each in _ACTOR):
            self.actor += 1
        else:
            self.own.append(statement)


@contextmanager
def counting(engine: AsyncEngine) -> Iterator[Statements]:
    """Counts the statements of a block; nothing else may use the engine meanwhile."""
    counted = Statements()

    def saw(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.add(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", saw)
    try:
        yield counted
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", saw)
