"""acceptInvitation: a person joins an account by the token of an invitation (decision 19)."""

from datetime import datetime
from typing import Self

import strawberry

from resolvers import invitations as resolvers
from resolvers.accounts import SignedIn
from schema.accounts.types import User
from schema.arguments import Input
from schema.info import Info
from schema.mutation import Payload, payload, payload_of


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
class AcceptInvitationPayload(Payload):
    """Answer of acceptInvitation."""

    token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer <token>`. It is returned only once."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the token expires.")
    user: User | None = strawberry.field(default=None, description="The user who joined.")

    @classmethod
    def of(cls, done: SignedIn) -> Self:
        """The token and its user."""
        return cls(token=done.token, expires_at=done.expires_at, user=User.of(done.user))


@strawberry.mutation(
    description="Join an account by the token of an invitation, and sign in to it. A person who already has a "
    "password, in any account, gives that one; others choose one. Requires no sign-in."
)
async def accept_invitation(info: Info, input: Input[AcceptInvitationInput]) -> AcceptInvitationPayload:
    """Declines NOT_FOUND, SIGN_IN_FAILED, TOO_MANY_ATTEMPTS, INVALID, CONFLICT (decision 19)."""
    accepting = resolvers.accept_invitation(info.context, token=input.token, password=input.password, name=input.name)
    return await payload_of(AcceptInvitationPayload, accepting)
