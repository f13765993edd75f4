"""deleteRole: the end of a custom role that no user has (B20)."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import roles as resolvers
from schema.arguments import Input
from schema.ids import Kind, global_id, uuid_of
from schema.info import Info
from schema.mutation import MutationInput, Payload, mutation_input, mutation_of, payload, payload_of


@mutation_input(description="The custom role to delete.")
class DeleteRoleInput(MutationInput):
    """A role that no user has."""

    role_id: ID = strawberry.field(description="The global id of the custom role.")


@payload(description="The custom role that was deleted.")
class DeleteRolePayload(Payload):
    """Answer of deleteRole."""

    deleted_role_id: ID | None = strawberry.field(
        default=None, description="The global id of the deleted role; null if the request was declined."
    )

    @classmethod
    def of(cls, role_id: UUID) -> Self:
        """The id of the role that was deleted."""
        return cls(deleted_role_id=ID(global_id(Kind.ROLE, role_id)))


@strawberry.mutation(description="Delete a custom role that no user has. Requires the SUPER_ADMIN role.")
async def delete_role(info: Info, input: Input[DeleteRoleInput]) -> DeleteRolePayload:
    """Declines NOT_PERMITTED, NOT_FOUND, ROLE_IN_USE (B20)."""
    deleting = resolvers.delete_role(mutation_of(info, input), role_id=uuid_of(Kind.ROLE, input.role_id))
    return await payload_of(DeleteRolePayload, deleting)
