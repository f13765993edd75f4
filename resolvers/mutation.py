"""How a mutation runs: its operation in one unit of work, once for each idempotency key, then a read for the payload.

A resolver of a mutation is a function of a unit: it finds, calls one operation of the domain, and returns the id of
what changed. The decorators here do the rest.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, TypeAlias, TypeVar
from uuid import UUID

from domain.errors import NotFound, NotPermitted, PlanTooLow
from domain.idempotency import IdempotentRequest, begin_request, complete_request
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context
from resolvers.related import Includes

P = ParamSpec("P")
View = TypeVar("View")


class Mutation(NamedTuple):
    """One mutation of a client: its context, its idempotent request, and what its payload includes."""

    context: Context
    request: IdempotentRequest
    includes: Includes


class Secret(NamedTuple):
    """A secret issued by a mutation. It is returned once: a repeated request does not have it."""

    token: str
    expires_at: datetime | None = None


Read: TypeAlias = Callable[[Context, UUID, Includes], Awaitable[View]]
Operation: TypeAlias = Callable[Concatenate[UnitOfWork, P], Awaitable[UUID]]
Issuing: TypeAlias = Callable[Concatenate[UnitOfWork, P], Awaitable[tuple[UUID, Secret]]]


def mutation(
    reread: Read[View],
) -> Callable[[Operation[P]], Callable[Concatenate[Mutation, P], Awaitable[View | None]]]:
    """Make a function that returns the id of what it changed a mutation, which returns that as `reread` reads it after
    the commit; None when it is no longer visible to the viewer.
    """

    def decorate(operation: Operation[P]) -> Callable[Concatenate[Mutation, P], Awaitable[View | None]]:
        @wraps(operation)
        async def resolve(run: Mutation, /, *args: P.args, **kwargs: P.kwargs) -> View | None:
            subject_id = await perform(run, lambda work: operation(work, *args, **kwargs))
            return await _reread(run, reread, subject_id)

        return resolve

    return decorate


def issuing_mutation(
    reread: Read[View],
) -> Callable[[Issuing[P]], Callable[Concatenate[Mutation, P], Awaitable[tuple[View | None, Secret | None]]]]:
    """The same for a function that also returns a secret; None where the request is repeated."""

    def decorate(
        operation: Issuing[P],
    ) -> Callable[Concatenate[Mutation, P], Awaitable[tuple[View | None, Secret | None]]]:
        @wraps(operation)
        async def resolve(run: Mutation, /, *args: P.args, **kwargs: P.kwargs) -> tuple[View | None, Secret | None]:
            issued: list[Secret] = []

            async def issue(work: UnitOfWork) -> UUID:
                subject_id, secret = await operation(work, *args, **kwargs)
                issued.append(secret)
                return subject_id

            subject_id = await perform(run, issue)
            return await _reread(run, reread, subject_id), issued[0] if issued else None

        return resolve

    return decorate


def plain_mutation(operation: Operation[P]) -> Callable[Concatenate[Mutation, P], Awaitable[UUID]]:
    """Make a function that returns an id a mutation that returns the id alone, such as that of what it deleted."""

    @wraps(operation)
    async def resolve(run: Mutation, /, *args: P.args, **kwargs: P.kwargs) -> UUID:
        return await perform(run, lambda work: operation(work, *args, **kwargs))

    return resolve


async def perform(run: Mutation, operation: Callable[[UnitOfWork], Awaitable[UUID]]) -> UUID:
    """Run an operation in a unit of its own; the same key again returns the same id and changes nothing (B29).

    A denial is recorded in another unit, since this one is rolled back (B18).
    """
    context, request, _ = run
    try:
        async with context.writing() as work:
            done = await begin_request(work, request)
            if done is not None:
                return done
            subject_id = await operation(work)
            await complete_request(work, request, subject_id)
            return subject_id
    except (NotPermitted, PlanTooLow) as refusal:
        await context.record_denial(request.operation, refusal)
        raise


async def _reread(run: Mutation, reread: Read[View], subject_id: UUID) -> View | None:
    try:
        return await reread(run.context, subject_id, run.includes)
    except NotFound:
        return None
