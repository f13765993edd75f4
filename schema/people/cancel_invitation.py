"""cancelInvitation: the end of an invitation."""

import strawberry

from resolvers import people as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.member_payload import MemberInput, MemberPayload


@mutation_input(description="The user whose invitation to cancel.")
class CancelInvitationInput(MemberInput):
    """A user who has not joined."""


@payload(description="The member whose invitation was cancelled.")
class CancelInvitationPayload(MemberPayload):
    """Answer of cancelInvitation."""


@strawberry.mutation(
    description="Cancel an invitation: its token ends, and the user becomes INACTIVE. Requires the SUPER_ADMIN role."
)
async def cancel_invitation(info: Info, input: Input[CancelInvitationInput]) -> CancelInvitationPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID."""
    done = resolvers.cancel_invitation(
        mutation_of(info, input), user_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(CancelInvitationPayload, done)
