"""setUserRoles: all roles of a user."""

import strawberry
from strawberry import ID

from resolvers import people as resolvers
from schema.accounts.types import UserRole
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.member_payload import MemberInput, MemberPayload
from schema.people.role_inputs import roles_of


@mutation_input(description="All roles of a user.")
class SetUserRolesInput(MemberInput):
    """Built-in and custom roles, as a whole."""

    roles: list[UserRole] = strawberry.field(
        description="All built-in roles, in place of the present ones. A user has at least one role, built-in or "
        "custom."
    )
    custom_role_ids: list[ID] = strawberry.field(
        default_factory=list,
        description="The global ids of all custom roles, in place of the present ones; at most 50. Adding one requires "
        "ENTERPRISE.",
    )


@payload(description="The member whose roles were set.")
class SetUserRolesPayload(MemberPayload):
    """Answer of setUserRoles."""


@strawberry.mutation(
    description="Set all roles of a user, from their next request on. An account keeps at least one active user with "
    "the SUPER_ADMIN role, which this mutation requires."
)
async def set_user_roles(info: Info, input: Input[SetUserRolesInput]) -> SetUserRolesPayload:
    """Declines NOT_PERMITTED, PLAN_TOO_LOW, NOT_FOUND, CONFLICT, LAST_SUPER_ADMIN, INVALID."""
    done = resolvers.set_user_roles(
        mutation_of(info, input),
        user_id=input.id,
        roles=roles_of(input.roles, input.custom_role_ids),
        expected_revision=input.expected_revision,
    )
    return await payload_of(SetUserRolesPayload, done)
