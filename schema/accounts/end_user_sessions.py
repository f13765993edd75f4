"""endUserSessions: the end of all sessions of a user (B19)."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import sessions as resolvers
from schema.arguments import Input
from schema.ids import Kind, uuid_of
from schema.info import Info
from schema.mutation import MutationInput, Payload, mutation_input, mutation_of, payload, payload_of


@mutation_input(description="The user whose sessions to end.")
class EndUserSessionsInput(MutationInput):
    """A user, such as one who lost a laptop."""

    user_id: ID = strawberry.field(description="The global id of an active user of the account.")


@payload(description="Whether the sessions of the user ended.")
class EndUserSessionsPayload(Payload):
    """Answer of endUserSessions."""

    @classmethod
    def of(cls, _: UUID) -> Self:
        """Nothing but that it succeeded."""
        return cls()


@strawberry.mutation(
    description="End all sessions of a user in this account, for example after a laptop was lost. The session of this "
    "request stays, if it is that user's. Requires the SUPER_ADMIN role."
)
async def end_user_sessions(info: Info, input: Input[EndUserSessionsInput]) -> EndUserSessionsPayload:
    """Declines NOT_FOUND, NOT_PERMITTED (B19)."""
    ending = resolvers.end_user_sessions(mutation_of(info, input), user_id=uuid_of(Kind.USER, input.user_id))
    return await payload_of(EndUserSessionsPayload, ending)
