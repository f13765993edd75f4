"""createRole: a custom role of the account."""

import strawberry

from resolvers import roles as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of
from schema.people.role_payload import PERMISSIONS, RolePayload


@mutation_input(description="A new custom role.")
class CreateRoleInput(MutationInput):
    """A name and permissions."""

    name: str = strawberry.field(description="The name of the role, at most 200 characters; unique in the account.")
    permissions: list[str] = strawberry.field(description=PERMISSIONS)


@payload(description="The custom role that was created.")
class CreateRolePayload(RolePayload):
    """Answer of createRole."""


@strawberry.mutation(description="Create a custom role. Requires the SUPER_ADMIN role and ENTERPRISE.")
async def create_role(info: Info, input: Input[CreateRoleInput]) -> CreateRolePayload:
    """Declines NOT_PERMITTED, PLAN_TOO_LOW, INVALID."""
    creating = resolvers.create_role(mutation_of(info, input), name=input.name, permissions=input.permissions)
    return await payload_of(CreateRolePayload, creating)
