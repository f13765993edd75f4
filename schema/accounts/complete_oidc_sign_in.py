"""Signing in by the identity provider of the installation."""

from datetime import datetime

import strawberry

from resolvers import oidc as resolvers
from schema.accounts.types import User
from schema.arguments import Input
from schema.errors import UserError
from schema.info import Info
from schema.results import settle

WHY = "Why it was declined, if it was."


@strawberry.input(description="Where the identity provider is to send the browser back to.")
class BeginOidcSignInInput:
    """What beginning takes."""

    redirect_uri: str = strawberry.field(
        description="The address of the client that takes the code; exactly one of those that the operator has listed."
    )


@strawberry.type(description="Where to send the person, or why that cannot be.")
class BeginOidcSignInPayload:
    """What beginning gives."""

    authorization_url: str | None = strawberry.field(
        default=None, description="The page of the identity provider at which the person signs in."
    )
    handle: str | None = strawberry.field(
        default=None,
        description="Keep it in the browser (sessionStorage), and pass it to completeOidcSignIn. It belongs to this "
        "one attempt and must not become part of an address.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the handle ends, ten minutes from now."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WHY)


@strawberry.input(description="What the browser came back with from the identity provider.")
class CompleteOidcSignInInput:
    """What completing takes."""

    handle: str = strawberry.field(
        description="The handle that beginOidcSignIn gave, or the one that came with ACCOUNT_NEEDED."
    )
    code: str | None = strawberry.field(
        default=None,
        description="`code` of the address that the browser was sent back to; left out with the handle of "
        "ACCOUNT_NEEDED.",
    )
    state: str | None = strawberry.field(
        default=None,
        description="`state` of that address, as it is; left out with the handle of ACCOUNT_NEEDED.",
    )
    account: str | None = strawberry.field(default=None, description="The slug of the account, if there are several.")


@strawberry.type(description="A token, or why there is none.")
class CompleteOidcSignInPayload:
    """What completing gives."""

    token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer <token>`. It is shown this once."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the token ends.")
    user: User | None = strawberry.field(default=None, description="Who signed in.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WHY)


@strawberry.type
class OidcMutation:
    """Root fields of signing in by the identity provider (B32)."""

    @strawberry.mutation(
        description="Begin to sign in by the identity provider: send the person to `authorizationUrl`, keep `handle`."
    )
    async def begin_oidc_sign_in(self, info: Info, input: Input[BeginOidcSignInInput]) -> BeginOidcSignInPayload:
        """Declines NO_IDENTITY_PROVIDER, INVALID, PROVIDER_UNAVAILABLE."""
        return await settle(
            resolvers.depart(info.context, redirect_uri=input.redirect_uri),
            lambda done: BeginOidcSignInPayload(
                authorization_url=done.authorization_url, handle=done.handle, expires_at=done.expires_at
            ),
            lambda errors: BeginOidcSignInPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Exchange what the identity provider sent back for a bearer token.")
    async def complete_oidc_sign_in(
        self, info: Info, input: Input[CompleteOidcSignInInput]
    ) -> CompleteOidcSignInPayload:
        """Declines NO_IDENTITY_PROVIDER, SIGN_IN_FAILED, ACCOUNT_NEEDED, PROVIDER_UNAVAILABLE, TOO_MANY_ATTEMPTS."""
        arriving = resolvers.arrive(
            info.context, handle=input.handle, code=input.code, state=input.state, account=input.account
        )
        return await settle(
            arriving,
            lambda done: CompleteOidcSignInPayload(
                token=done.token, expires_at=done.expires_at, user=User.of(done.user)
            ),
            lambda errors: CompleteOidcSignInPayload(user_errors=errors),
        )
