"""What the mutations that sign a user in have in common."""

from datetime import datetime
from typing import Self

import strawberry

from resolvers.accounts import SignedIn
from schema.accounts.types import User
from schema.mutation import Payload


@strawberry.type
class TokenPayload(Payload):
    """The fields of payloads that return a bearer token."""

    token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer <token>`. It is returned only once."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the token expires.")
    user: User | None = strawberry.field(default=None, description="The user who signed in.")

    @classmethod
    def of(cls, done: SignedIn) -> Self:
        """The token and its user."""
        return cls(token=done.token, expires_at=done.expires_at, user=User.of(done.user))
