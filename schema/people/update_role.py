"""updateRole: the name and the permissions of a custom role (B20)."""

import strawberry
from strawberry import ID

from resolvers import roles as resolvers
from schema.arguments import Input
from schema.ids import Kind, uuid_of
from schema.info import Info
from schema.mutation import RevisedInput, mutation_input, mutation_of, payload, payload_of
from schema.people.role_payload import PERMISSIONS, RolePayload


@mutation_input(description="The fields of a custom role to change; omitted fields and null stay as they are.")
class UpdateRoleInput(RevisedInput):
    """Name, permissions or both."""

    role_id: ID = strawberry.field(description="The global id of the custom role.")
    name: str | None = strawberry.field(default=None, description="The new name, at most 200 characters.")
    permissions: list[str] | None = strawberry.field(
        default=None, description=f"All permissions, in place of the present ones. {PERMISSIONS}"
    )


@payload(description="The custom role that was updated.")
class UpdateRolePayload(RolePayload):
    """Answer of updateRole."""


@strawberry.mutation(
    description="Rename a custom role, or replace its permissions; users who have it notice from their next request "
    "on. Requires the SUPER_ADMIN role, and ENTERPRISE for anything but removing permissions."
)
async def update_role(info: Info, input: Input[UpdateRoleInput]) -> UpdateRolePayload:
    """Declines NOT_PERMITTED, PLAN_TOO_LOW, NOT_FOUND, CONFLICT, INVALID (B20)."""
    updating = resolvers.update_role(
        mutation_of(info, input),
        role_id=uuid_of(Kind.ROLE, input.role_id),
        name=input.name,
        permissions=input.permissions,
        expected_revision=input.expected_revision,
    )
    return await payload_of(UpdateRolePayload, updating)
