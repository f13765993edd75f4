"""revokeSession: the end of one of the viewer's sessions (B19)."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import sessions as resolvers
from schema.arguments import Input
from schema.ids import Kind, global_id, uuid_of
from schema.info import Info
from schema.mutation import MutationInput, Payload, mutation_input, mutation_of, payload, payload_of


@mutation_input(description="The session to revoke.")
class RevokeSessionInput(MutationInput):
    """A session of the viewer."""

    session_id: ID = strawberry.field(description="The global id of a session of the viewer.")


@payload(description="The session that was revoked.")
class RevokeSessionPayload(Payload):
    """Answer of revokeSession."""

    revoked_session_id: ID | None = strawberry.field(
        default=None, description="The global id of the revoked session; null if the request was declined."
    )

    @classmethod
    def of(cls, session_id: UUID) -> Self:
        """The id of the session that was revoked."""
        return cls(revoked_session_id=ID(global_id(Kind.SESSION, session_id)))


@strawberry.mutation(description="Revoke one of the viewer's sessions; its next request is UNAUTHENTICATED.")
async def revoke_session(info: Info, input: Input[RevokeSessionInput]) -> RevokeSessionPayload:
    """Declines NOT_FOUND, also for the sessions of other users (B19)."""
    revoking = resolvers.revoke_session(mutation_of(info, input), session_id=uuid_of(Kind.SESSION, input.session_id))
    return await payload_of(RevokeSessionPayload, revoking)
