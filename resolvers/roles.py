"""Custom roles: finding them for people managers, and their mutations."""

from collections.abc import Sequence
from uuid import UUID

from domain import people
from domain.accounts import CustomRole
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context
from resolvers.mutation import mutation, plain_mutation
from resolvers.related import Includes


async def list_custom_roles(context: Context) -> list[CustomRole]:
    """The account's custom roles."""
    async with context.reading() as work:
        return await people.list_custom_roles(work)


async def find_role(context: Context, role_id: UUID, _: Includes) -> CustomRole:
    """One custom role by id."""
    async with context.reading() as work:
        return await people.find_custom_role(work, role_id)


@mutation(reread=find_role)
async def create_role(work: UnitOfWork, *, name: str, permissions: Sequence[str]) -> UUID:
    """Create a custom role."""
    return await people.create_role(work, name=name, permissions=permissions)


@mutation(reread=find_role)
async def update_role(
    work: UnitOfWork,
    *,
    role_id: UUID,
    name: str | None,
    permissions: Sequence[str] | None,
    expected_revision: int | None,
) -> UUID:
    """Change the name or the permissions of a custom role."""
    await people.update_role(work, role_id, name=name, permissions=permissions, expected_revision=expected_revision)
    return role_id


@plain_mutation
async def delete_role(work: UnitOfWork, *, role_id: UUID) -> UUID:
    """Delete a custom role that no user has."""
    await people.delete_role(work, role_id)
    return role_id
