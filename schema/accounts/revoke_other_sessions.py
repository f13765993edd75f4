"""revokeOtherSessions: the end of the viewer's sessions but this one (B19)."""

from typing import Self

import strawberry

from resolvers import sessions as resolvers
from schema.accounts.session import Session, sessions_of
from schema.arguments import Input
from schema.info import Info
from schema.mutation import MutationInput, Payload, mutation_input, mutation_of, payload, payload_of


@mutation_input(description="Options of the request; all of them have defaults.")
class RevokeOtherSessionsInput(MutationInput):
    """An idempotency key alone."""


@payload(description="The sessions that are left.")
class RevokeOtherSessionsPayload(Payload):
    """Answer of revokeOtherSessions."""

    sessions: list[Session] | None = strawberry.field(
        default=None, description="The sessions of the viewer as they are now; null if the request was declined."
    )

    @classmethod
    def of(cls, view: resolvers.SessionsView | None) -> Self:
        """The sessions that were read again after the commit."""
        return cls(sessions=sessions_of(view) if view else None)


@strawberry.mutation(description="Revoke all sessions of the viewer but that of this request.")
async def revoke_other_sessions(info: Info, input: Input[RevokeOtherSessionsInput]) -> RevokeOtherSessionsPayload:
    """Declines nothing (B19)."""
    return await payload_of(RevokeOtherSessionsPayload, resolvers.revoke_other_sessions(mutation_of(info, input)))
