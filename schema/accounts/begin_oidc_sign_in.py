"""beginOidcSignIn: the page of the identity provider to sign in at."""

from datetime import datetime
from typing import Self

import strawberry

from resolvers import oidc as resolvers
from resolvers.ports import AuthorizationRequest
from schema.arguments import Input
from schema.info import Info
from schema.mutation import Payload, payload, payload_of


@strawberry.input(description="Where the identity provider sends the browser back to.")
class BeginOidcSignInInput:
    """A redirect address."""

    redirect_uri: str = strawberry.field(
        description="The address of the client that takes the code; exactly one of those that the operator has listed."
    )


@payload(description="Where to send the person, or why that is not possible.")
class BeginOidcSignInPayload(Payload):
    """Answer of beginOidcSignIn."""

    authorization_url: str | None = strawberry.field(
        default=None, description="The page of the identity provider at which the person signs in."
    )
    handle: str | None = strawberry.field(
        default=None,
        description="Keep it in the browser (sessionStorage), and pass it to completeOidcSignIn. It belongs to this "
        "attempt and must not become part of an address.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the handle expires, ten minutes from now."
    )

    @classmethod
    def of(cls, request: AuthorizationRequest) -> Self:
        """The authorization request of this attempt."""
        return cls(authorization_url=request.authorization_url, handle=request.handle, expires_at=request.expires_at)


@strawberry.mutation(
    description="Begin to sign in by the identity provider: send the person to `authorizationUrl`, and keep `handle`."
)
async def begin_oidc_sign_in(info: Info, input: Input[BeginOidcSignInInput]) -> BeginOidcSignInPayload:
    """Declines NO_IDENTITY_PROVIDER, INVALID, PROVIDER_UNAVAILABLE (B32)."""
    beginning = resolvers.begin_oidc_sign_in(info.context, redirect_uri=input.redirect_uri)
    return await payload_of(BeginOidcSignInPayload, beginning)
