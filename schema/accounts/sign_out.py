"""signOut: the end of the token of this request."""

import strawberry

from resolvers import accounts as resolvers
from schema.info import Info
from schema.mutation import Payload, payload


@payload(description="The token of this request was revoked.")
class SignOutPayload(Payload):
    """Answer of signOut."""


@strawberry.mutation(description="Revoke the token that this request was sent with.")
async def sign_out(info: Info) -> SignOutPayload:
    """Declines nothing."""
    await resolvers.sign_out(info.context)
    return SignOutPayload()
