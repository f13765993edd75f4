"""What the mutations that issue an invitation have in common."""

from datetime import datetime
from typing import Self

import strawberry

from resolvers.mutation import Secret
from resolvers.people import MembersView
from schema.mutation import Payload
from schema.people.types import Member, member_of


@strawberry.type
class InvitationPayload(Payload):
    """The fields of payloads that return a new invitation."""

    member: Member | None = strawberry.field(
        default=None,
        description="The member as they are now; null if the request was declined, or if the viewer may no longer "
        "manage people.",
    )
    token: str | None = strawberry.field(
        default=None,
        description="The token to pass on to the person, and to nobody else. It is returned only once: null if the "
        "request was declined or repeats an earlier one with its idempotency key.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the token expires: 14 days from now; null where the token is null."
    )

    @classmethod
    def of(cls, done: tuple[MembersView | None, Secret | None]) -> Self:
        """The member who was read again after the commit, and the token."""
        view, secret = done
        member = member_of(view)
        return cls(member=member, token=secret.token, expires_at=secret.expires_at) if secret else cls(member=member)
