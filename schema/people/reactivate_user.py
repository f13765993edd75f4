"""reactivateUser: a user who left may sign in again."""

import strawberry

from resolvers import people as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.member_payload import MemberInput, MemberPayload


@mutation_input(description="The user to reactivate.")
class ReactivateUserInput(MemberInput):
    """An inactive user."""


@payload(description="The member who was reactivated.")
class ReactivateUserPayload(MemberPayload):
    """Answer of reactivateUser."""


@strawberry.mutation(
    description="Reactivate a user who was deactivated, with the roles, scopes and teams that they had. Requires the "
    "SUPER_ADMIN role."
)
async def reactivate_user(info: Info, input: Input[ReactivateUserInput]) -> ReactivateUserPayload:
    """Declines NOT_PERMITTED, PLAN_TOO_LOW, NOT_FOUND, CONFLICT, INVALID."""
    done = resolvers.reactivate_user(
        mutation_of(info, input), user_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(ReactivateUserPayload, done)
