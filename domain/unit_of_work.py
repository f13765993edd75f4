"""The unit of work: one session, one transaction, one account, one actor; only leaving it commits (law 2).

Verbs take a unit as their first argument and never end it. Rows are found and locked by the features' finders.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from domain.actor import Actor, ActorKind
from domain.database.model import Json, new_id
from domain.database.transaction import Level, Session, transaction
from domain.database.transaction import Sessions as Sessions
from domain.errors import Conflict
from domain.events.event import EventKind
from domain.events.outbox import write_events

LoadActor = Callable[[Session], Awaitable[Actor]]

_SOMEBODY_WAS_FIRST = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock timeout


class Imported(NamedTuple):
    """When and by whom something was done before it was imported."""

    at: datetime
    by: UUID | None


class UnitOfWork:
    """What a verb works with: the session, the actor, and `clock`, the database's time."""

    def __init__(self, session: Session, actor: Actor, address: str | None = None) -> None:
        self.session = session
        self.actor = actor
        self.address = address
        self._now: datetime | None = None
        self._happened: list[Json] = []

    @property
    def account_id(self) -> UUID:
        """The account that the unit is confined to."""
        return self.actor.account_id

    async def clock(self, *, not_before: datetime | None = None) -> datetime:
        """The time of this change: the database's clock once locks are held, never before `not_before`.

        The first call decides; a later one may only move it forward (settled choice 9).
        """
        if self._now is None:
            self._now = (await self.session.execute(select(func.clock_timestamp()))).scalar_one()
        return self.read_clock(self._now, not_before=not_before)

    def read_clock(self, clock: datetime, *, not_before: datetime | None = None) -> datetime:
        """The same from a statement that told the time beside what it read under the locks."""
        if self._now is None:
            self._now = clock
        if not_before is not None and not_before > self._now:
            self._now = not_before
        return self._now

    def record(
        self,
        kind: EventKind,
        object_kind: str,
        object_id: UUID,
        *,
        before: Json | None = None,
        after: Json | None = None,
        pipelines: tuple[UUID | None, UUID | None] = (None, None),
        imported: Imported | None = None,
    ) -> None:
        """Write down what happened, to be committed with the change itself (law 3).

        `pipelines` are those it left and reached: by them it is visible. `imported` is given only for history that was
        made elsewhere: when it happened and by whom.
        """
        self._happened.append(
            {
                "id": new_id(),
                "at": imported.at if imported else None,
                "kind": kind.value,
                "actor_kind": (ActorKind.IMPORTED if imported else self.actor.kind).value,
                "actor_id": imported.by if imported else self.actor.id,
                "object_kind": object_kind,
                "object_id": object_id,
                "pipeline_from": pipelines[0],
                "pipeline_to": pipelines[1],
                "before": before,
                "after": after,
            }
        )

    async def write_events(self) -> None:
        """Insert what was recorded so far, all at once, and beside each event the row that asks for its journal
        number.
        """
        if not self._happened:
            return
        await self.session.flush()
        await write_events(self.session, self.account_id, self.address, await self.clock(), self._happened)
        self._happened.clear()


@asynccontextmanager
async def writing(
    sessions: Sessions, account_id: UUID, admit: LoadActor, address: str | None = None
) -> AsyncIterator[UnitOfWork]:
    """One operation that may change things: commits when its block ends, rolls back when anything is raised.

    `admit` reads the actor inside the transaction. Deadlocks and lost races become Conflict.
    """
    try:
        async with transaction(sessions, account_id) as session:
            work = UnitOfWork(session, await admit(session), address)
            yield work
            await work.write_events()
    except Exception as error:
        if sqlstate(error) in _SOMEBODY_WAS_FIRST:
            raise Conflict("Somebody else changed the same things at the same moment; try again.") from error
        raise


@asynccontextmanager
async def reading(
    sessions: Sessions, account_id: UUID, admit: LoadActor, address: str | None = None
) -> AsyncIterator[UnitOfWork]:
    """One read-only snapshot: everything read in it was true at one moment."""
    async with transaction(sessions, account_id, Level.READING) as session:
        yield UnitOfWork(session, await admit(session), address)


@asynccontextmanager
async def unbound(sessions: Sessions) -> AsyncIterator[Session]:
    """A transaction of no account: reaches the global tables alone (sign-in, throttle, outbox), as row-level security
    sees to.
    """
    async with transaction(sessions, None) as session:
        yield session


def sqlstate(error: Exception) -> str | None:
    """The five letters by which PostgreSQL names what went wrong, where it was PostgreSQL that said so."""
    said: Any = getattr(error, "orig", None) or error
    return getattr(said, "sqlstate", None)
