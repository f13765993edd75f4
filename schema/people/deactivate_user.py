"""deactivateUser: the end of a membership (B19)."""

import strawberry

from resolvers import people as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.member_payload import MemberInput, MemberPayload


@mutation_input(description="The user to deactivate.")
class DeactivateUserInput(MemberInput):
    """An active user."""


@payload(description="The member who was deactivated.")
class DeactivateUserPayload(MemberPayload):
    """Answer of deactivateUser."""


@strawberry.mutation(
    description="Deactivate a user: their sessions in this account end at once, and their tickets keep owner and "
    "history. An account keeps at least one active user with the SUPER_ADMIN role, which this mutation requires."
)
async def deactivate_user(info: Info, input: Input[DeactivateUserInput]) -> DeactivateUserPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, LAST_SUPER_ADMIN, INVALID (B19)."""
    done = resolvers.deactivate_user(
        mutation_of(info, input), user_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(DeactivateUserPayload, done)
