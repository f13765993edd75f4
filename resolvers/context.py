"""What one operation of a client works with: the units of work it opens, and the services that the server lends.

One unit per mutation root field; one read-only unit per query document, whose root fields take turns (settled choice
16).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from domain import accounts, apps
from domain.errors import NotFound, Refusal, Unauthenticated
from domain.replay import Once, claim, keep_subject
from domain.unit_of_work import Admit, Sessions, UnitOfWork, reading, writing
from policies import Tier

Found = TypeVar("Found")


class Passwords(Protocol):
    """Hashes and verifies passwords at a cost; None verifies as slowly as a hash does, and fails."""

    async def hash(self, password: str) -> str:
        """A salted hash to store."""

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether this is the password that was hashed."""

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash should be made anew, now that the password is at hand."""


class Seal(Protocol):
    """Seals cursors so that clients can neither read nor change them, and binds them to where they were given."""

    def seal(self, payload: bytes, bound: bytes) -> str:
        """The payload as an opaque text."""

    def open(self, sealed: str, bound: bytes) -> bytes:
        """The payload again; ValueError when the text was changed or belongs elsewhere."""


@dataclass(frozen=True)
class SignInLimits:
    """How many attempts an address and an e-mail address have in a window."""

    per_email: int = 10
    per_address: int = 100
    window: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Services:
    """What the server makes once and lends to every operation."""

    passwords: Passwords
    cursors: Seal
    plan_limits: Mapping[Tier, int]
    token_lifetime: timedelta = timedelta(days=30)
    sign_in: SignInLimits = SignInLimits()


class Context:
    """One operation: who asks (by a token that is looked up in each unit), from where, and the units it opens."""

    def __init__(self, *, sessions: Sessions, token: str | None, address: str | None, services: Services) -> None:
        self.sessions = sessions
        self.address = address
        self.services = services
        self._token = token
        self._turn = asyncio.Lock()
        self._open = AsyncExitStack()
        self._unit: UnitOfWork | None = None
        self._closed = False

    def _door(self) -> tuple[UUID, Admit]:
        if self._closed:
            raise RuntimeError("the operation is over")
        if self._token is None:
            raise Unauthenticated
        bearer = accounts.read_token(self._token)
        match bearer.kind:
            case accounts.BearerKind.SESSION:
                return bearer.account_id, accounts.session(bearer.account_id, bearer.secret_hash)
            case accounts.BearerKind.APP:
                return bearer.account_id, apps.app(bearer.account_id, bearer.secret_hash)
            case _:
                raise Unauthenticated

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """The read-only unit that the root fields of a query share, one after the other."""
        async with self._turn:
            if self._unit is None:
                account_id, admit = self._door()
                unit = reading(self.sessions, account_id, admit, self.address)
                self._unit = await self._open.enter_async_context(unit)
            try:
                yield self._unit
            except Refusal:
                raise
            except BaseException:
                await self._end_reading()
                raise

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[UnitOfWork]:
        """A unit of its own for a mutation's root field; what is read afterwards is read anew."""
        async with self._turn:
            await self._end_reading()
            account_id, admit = self._door()
            async with writing(self.sessions, account_id, admit, self.address) as work:
                yield work

    async def perform(self, once: Once, verb: Callable[[UnitOfWork], Awaitable[UUID]]) -> UUID:
        """Run a verb in a unit of its own; the same key again answers the same without doing it twice (B29)."""
        async with self.writing() as work:
            done = await claim(work, once)
            if done is not None:
                return done
            subject_id = await verb(work)
            await keep_subject(work, once, subject_id)
            return subject_id

    async def close(self) -> None:
        """End the shared read-only unit for good; the server calls it when the operation is over, however it ended."""
        self._closed = True
        await self._end_reading()

    async def _end_reading(self) -> None:
        self._unit = None
        await self._open.aclose()


async def shown(reading: Awaitable[Found]) -> Found | None:
    """What was changed, read again after the commit; None when the change, or another one, took it out of sight."""
    try:
        return await reading
    except NotFound:
        return None
