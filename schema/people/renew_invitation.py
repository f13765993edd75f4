"""renewInvitation: a new token for a user who has not joined."""

import strawberry

from resolvers import people as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.invitation_payload import InvitationPayload
from schema.people.member_payload import MemberInput


@mutation_input(description="The user whose invitation to renew.")
class RenewInvitationInput(MemberInput):
    """A user who has not joined."""


@payload(description="The member who was invited again.")
class RenewInvitationPayload(InvitationPayload):
    """Answer of renewInvitation."""


@strawberry.mutation(
    description="Invite a user again who has not joined, also after their invitation was cancelled. The previous token "
    "ends. Requires the SUPER_ADMIN role."
)
async def renew_invitation(info: Info, input: Input[RenewInvitationInput]) -> RenewInvitationPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, PLAN_TOO_LOW, INVALID."""
    renewing = resolvers.renew_invitation(
        mutation_of(info, input), user_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(RenewInvitationPayload, renewing)
