"""The context of one GraphQL operation: who asks, and the units of work that its root fields run in.

A mutation's root field has a unit of its own; the root fields of a query share a read-only unit and take turns (settled
choice 16).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any
from uuid import UUID

from domain import accounts, apps, audit
from domain.actor import Actor, ActorKind
from domain.errors import Conflict, RateLimited, Refusal, Unauthenticated
from domain.unit_of_work import LoadActor, Sessions, UnitOfWork, reading, writing
from resolvers.ports import Services
from resolvers.throttle import Throttling

_LAST_USE_SECONDS = 1  # that a response waits at most for the last use of its token to be stored


class Context:
    """One operation: its bearer token, which each unit looks up, its client's address, and the units it opens."""

    def __init__(self, *, sessions: Sessions, token: str | None, address: str | None, services: Services) -> None:
        self.sessions = sessions
        self.address = address
        self.services = services
        self.throttling = Throttling(sessions, address, services.sign_in)
        # Root fields, by response key, whose rows may arrive as JSON fragments (decision 32).
        self.renderable: set[str] = set()
        # The variables of the request, as the client sent them.
        self.variables: Mapping[str, Any] = {}
        self._token = token
        self._actor: Actor | None = None
        self._refusal: Callable[[], Exception] | None = None
        self._turn = asyncio.Lock()
        self._open = AsyncExitStack()
        self._unit: UnitOfWork | None = None
        self._closed = False

    def _authentication(self) -> tuple[UUID, LoadActor]:
        if self._closed:
            raise RuntimeError("the operation has ended")
        if self._refusal is not None:
            raise self._refusal()
        if self._token is None:
            raise Unauthenticated
        bearer = accounts.read_token(self._token)
        match bearer.kind:
            case accounts.BearerKind.SESSION:
                return bearer.account_id, accounts.session(bearer.account_id, bearer.secret_hash)
            case accounts.BearerKind.APP:
                return bearer.account_id, apps.secret(bearer.account_id, bearer.secret_hash)
            case _:
                raise Unauthenticated

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """The read-only unit that the root fields of a query share, one at a time."""
        async with self._turn:
            if self._unit is None:
                account_id, load_actor = self._authentication()
                unit = reading(self.sessions, account_id, load_actor, self.address)
                try:
                    self._unit = await self._open.enter_async_context(unit)
                except Unauthenticated as refused:
                    raise await self._rejected(account_id, refused) from None
                self._actor = self._unit.actor
            try:
                yield self._unit
            except Refusal:
                raise
            except BaseException as raised:
                await self._end_reading(raised)
                raise

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[UnitOfWork]:
        """A unit for one root field of a mutation; later reads open a new snapshot."""
        async with self._turn:
            await self._end_reading()
            account_id, load_actor = self._authentication()
            try:
                async with writing(self.sessions, account_id, load_actor, self.address) as work:
                    self._actor = work.actor
                    yield work
            except Unauthenticated as refused:
                raise await self._rejected(account_id, refused) from None

    async def record_denial(self, operation: str, refusal: Refusal) -> None:
        """Record a denial in a unit of its own, as the actor who was denied."""
        actor = self._actor
        if actor is None:
            return
        unit = writing(self.sessions, actor.account_id, accounts.same(actor), self.address)
        with suppress(Conflict):
            async with unit as work:
                await audit.record_denial(work, operation, refusal, self.services.denials)

    async def close(self) -> None:
        """End the shared unit and store the last use of the token if that is stale. The server calls this once, however
        the operation ended.
        """
        self._closed = True
        await self._end_reading()
        if self._actor is not None and self._actor.use_is_stale:
            await self._store_use(self._actor)

    async def _rejected(self, account_id: UUID, refused: Unauthenticated) -> Exception:
        """The error of all fields of the operation, since its token is not valid; a guess is counted once."""
        self._refusal = Unauthenticated
        if refused.guessed:
            try:
                await self.throttling.count_bearer(account_id)
            except RateLimited as limited:
                self._refusal = partial(RateLimited, limited.retry_after)
        return self._refusal()

    async def _store_use(self, actor: Actor) -> None:
        """Store the last use in a unit of its own; if that takes too long, the next operation does."""
        note = apps.note_use if actor.kind is ActorKind.APP else accounts.note_use
        unit = writing(self.sessions, actor.account_id, accounts.same(actor), self.address)
        with suppress(TimeoutError, Conflict):
            async with asyncio.timeout(_LAST_USE_SECONDS), unit as work:
                await note(work)

    async def _end_reading(self, raised: BaseException | None = None) -> None:
        """Commit the shared unit, or roll it back after an exception or a cancellation."""
        self._unit = None
        await self._open.__aexit__(type(raised) if raised else None, raised, raised.__traceback__ if raised else None)
