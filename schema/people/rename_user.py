"""renameUser: the name of a user in this account."""

import strawberry

from resolvers import people as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.member_payload import MemberInput, MemberPayload
from schema.people.role_inputs import USER_NAME


@mutation_input(description="A new name for a user.")
class RenameUserInput(MemberInput):
    """The name in this account."""

    name: str = strawberry.field(description=USER_NAME)


@payload(description="The member who was renamed.")
class RenameUserPayload(MemberPayload):
    """Answer of renameUser."""


@strawberry.mutation(description="Change the name of a user in this account. Requires the SUPER_ADMIN role.")
async def rename_user(info: Info, input: Input[RenameUserInput]) -> RenameUserPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID."""
    done = resolvers.rename_user(
        mutation_of(info, input), user_id=input.id, name=input.name, expected_revision=input.expected_revision
    )
    return await payload_of(RenameUserPayload, done)
