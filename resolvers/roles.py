"""Custom roles: finding them for who manages people, and defining them."""

from collections.abc import Sequence
from uuid import UUID

from domain import people
from domain.accounts import CustomRole
from domain.idempotency import IdempotentRequest
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context, reread


async def list_custom_roles(context: Context) -> list[CustomRole]:
    """The account's custom roles."""
    async with context.reading() as work:
        return await people.list_custom_roles(work)


async def create_role(
    context: Context, once: IdempotentRequest, *, name: str, permissions: Sequence[str]
) -> CustomRole | None:
    """Define a role."""

    async def verb(work: UnitOfWork) -> UUID:
        return await people.create_role(work, name=name, permissions=permissions)

    return await reread(_find(context, await context.perform(once, verb)))


async def update_role(
    context: Context,
    once: IdempotentRequest,
    *,
    role_id: UUID,
    name: str | None,
    permissions: Sequence[str] | None,
    expected_revision: int | None,
) -> CustomRole | None:
    """Change a role."""

    async def verb(work: UnitOfWork) -> UUID:
        await people.update_role(work, role_id, name=name, permissions=permissions, expected_revision=expected_revision)
        return role_id

    return await reread(_find(context, await context.perform(once, verb)))


async def delete_role(context: Context, once: IdempotentRequest, *, role_id: UUID) -> UUID:
    """Delete a role that nobody holds."""

    async def verb(work: UnitOfWork) -> UUID:
        await people.delete_role(work, role_id)
        return role_id

    return await context.perform(once, verb)


async def _find(context: Context, role_id: UUID) -> CustomRole:
    async with context.reading() as work:
        return await people.find_custom_role(work, role_id)
