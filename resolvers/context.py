"""What one operation of a client works with: the units of work it opens.

One unit per mutation root field; one read-only unit per query document, whose root fields take turns (settled choice
16).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from domain import accounts, apps, audit
from domain.actor import Actor, ActorKind
from domain.errors import Conflict, NotFound, NotPermitted, PlanTooLow, RateLimited, Refusal, Unauthenticated
from domain.idempotency import IdempotentRequest, begin_request, complete_request
from domain.unit_of_work import LoadActor, Sessions, UnitOfWork, reading, writing
from resolvers.ports import Services
from resolvers.throttle import Throttling

Found = TypeVar("Found")

_NOTING_SECONDS = 1  # that an answer waits at most for its token's last use to be written down


class Context:
    """One operation: who asks (by a token that is looked up in each unit), from where, and the units it opens."""

    def __init__(self, *, sessions: Sessions, token: str | None, address: str | None, services: Services) -> None:
        self.sessions = sessions
        self.address = address
        self.services = services
        self.throttling = Throttling(sessions, address, services.sign_in)
        # Root fields, by their names in the answer, that can be had of rendered rows, if they show any (decision 32).
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

    def _door(self) -> tuple[UUID, LoadActor]:
        if self._closed:
            raise RuntimeError("the operation is over")
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
        """The read-only unit that the root fields of a query share, one after the other."""
        async with self._turn:
            if self._unit is None:
                account_id, admit = self._door()
                unit = reading(self.sessions, account_id, admit, self.address)
                try:
                    self._unit = await self._open.enter_async_context(unit)
                except Unauthenticated as refused:
                    raise await self._turned_away(account_id, refused) from None
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
        """A unit of its own for a mutation's root field; what is read afterwards is read anew."""
        async with self._turn:
            await self._end_reading()
            account_id, admit = self._door()
            try:
                async with writing(self.sessions, account_id, admit, self.address) as work:
                    self._actor = work.actor
                    yield work
            except Unauthenticated as refused:
                raise await self._turned_away(account_id, refused) from None

    async def perform(self, once: IdempotentRequest, verb: Callable[[UnitOfWork], Awaitable[UUID]]) -> UUID:
        """Run a verb in a unit of its own; the same key again answers the same without doing it twice (B29).

        That somebody may not do it is recorded apart, since the unit is rolled back (B18).
        """
        try:
            async with self.writing() as work:
                done = await begin_request(work, once)
                if done is not None:
                    return done
                subject_id = await verb(work)
                await complete_request(work, once, subject_id)
                return subject_id
        except (NotPermitted, PlanTooLow) as refusal:
            await self.record_denial(once.operation, refusal)
            raise

    async def record_denial(self, operation: str, refusal: Refusal) -> None:
        """In a unit of its own, as whoever was denied."""
        actor = self._actor
        if actor is None:
            return
        unit = writing(self.sessions, actor.account_id, accounts.same(actor), self.address)
        with suppress(Conflict):
            async with unit as work:
                await audit.record_denial(work, operation, refusal, self.services.denials)

    async def close(self) -> None:
        """End the shared read-only unit for good, and write down now and then that the token was used; the server calls
        it when the operation is over, however it ended.
        """
        self._closed = True
        await self._end_reading()
        if self._actor is not None and self._actor.use_is_stale:
            await self._note_use(self._actor)

    async def _turned_away(self, account_id: UUID, refused: Unauthenticated) -> Exception:
        """What all fields of the operation hear, now that its token admits nobody; a guess is counted once."""
        self._refusal = Unauthenticated
        if refused.guessed:
            try:
                await self.throttling.count_bearer(account_id)
            except RateLimited as limited:
                self._refusal = partial(RateLimited, limited.retry_after)
        return self._refusal()

    async def _note_use(self, actor: Actor) -> None:
        """In a unit of its own, as whoever the operation had admitted; where that takes long it is left to the next."""
        note = apps.note_use if actor.kind is ActorKind.APP else accounts.note_use
        unit = writing(self.sessions, actor.account_id, accounts.same(actor), self.address)
        with suppress(TimeoutError, Conflict):
            async with asyncio.timeout(_NOTING_SECONDS), unit as work:
                await note(work)

    async def _end_reading(self, raised: BaseException | None = None) -> None:
        """Commit what was only read, or roll it back where something was raised, such as a cancellation."""
        self._unit = None
        await self._open.__aexit__(type(raised) if raised else None, raised, raised.__traceback__ if raised else None)


async def reread(reading: Awaitable[Found]) -> Found | None:
    """What was changed, read again after the commit; None when the change, or another one, took it out of sight."""
    try:
        return await reading
    except NotFound:
        return None
