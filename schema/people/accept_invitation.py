"""acceptInvitation: a person joins an account by the token of an invitation (decision 19)."""

import strawberry

from resolvers import invitations as resolvers
from schema.accounts.token_payload import TokenPayload
from schema.arguments import Input
from schema.info import Info
from schema.mutation import payload, payload_of


@strawberry.input(description="An invitation and a password; never stored with an idempotency key.")
class AcceptInvitationInput:
    """A token and a password."""

    token: str = strawberry.field(description="The token of the invitation.")
    password: str = strawberry.field(
        description="The password that the person already has, in any account; or else a new one: 10 to 1,024 "
        "characters, and not the e-mail address."
    )
    name: str | None = strawberry.field(
        default=None, description="The name of the person, at most 200 characters; as invited unless given."
    )


@payload(description="A token for the account that was joined, or why there is none.")
class AcceptInvitationPayload(TokenPayload):
    """Answer of acceptInvitation."""


@strawberry.mutation(
    description="Join an account by the token of an invitation, and sign in to it. A person who already has a "
    "password, in any account, gives that one; others choose one. Requires no sign-in."
)
async def accept_invitation(info: Info, input: Input[AcceptInvitationInput]) -> AcceptInvitationPayload:
    """Declines NOT_FOUND, SIGN_IN_FAILED, TOO_MANY_ATTEMPTS, INVALID, CONFLICT (decision 19)."""
    accepting = resolvers.accept_invitation(info.context, token=input.token, password=input.password, name=input.name)
    return await payload_of(AcceptInvitationPayload, accepting)
