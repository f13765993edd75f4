"""completeOidcSignIn: the code of the identity provider for a bearer token."""

import strawberry

from resolvers import oidc as resolvers
from schema.accounts.token_payload import TokenPayload
from schema.arguments import Input
from schema.info import Info
from schema.mutation import payload, payload_of


@strawberry.input(description="What the browser came back with from the identity provider.")
class CompleteOidcSignInInput:
    """A handle, and the provider's response."""

    handle: str = strawberry.field(
        description="The handle that beginOidcSignIn returned, or the one that came with ACCOUNT_NEEDED."
    )
    code: str | None = strawberry.field(
        default=None,
        description="`code` of the address that the browser was sent back to; omitted with the handle of "
        "ACCOUNT_NEEDED.",
    )
    state: str | None = strawberry.field(
        default=None,
        description="`state` of that address, unchanged; omitted with the handle of ACCOUNT_NEEDED.",
    )
    account: str | None = strawberry.field(
        default=None, description="The slug of the account; required for users of several accounts."
    )


@payload(description="A bearer token, or why there is none.")
class CompleteOidcSignInPayload(TokenPayload):
    """Answer of completeOidcSignIn."""


@strawberry.mutation(description="Exchange what the identity provider sent back for a bearer token.")
async def complete_oidc_sign_in(info: Info, input: Input[CompleteOidcSignInInput]) -> CompleteOidcSignInPayload:
    """Declines NO_IDENTITY_PROVIDER, SIGN_IN_FAILED, ACCOUNT_NEEDED, PROVIDER_UNAVAILABLE, TOO_MANY_ATTEMPTS (B32)."""
    completing = resolvers.complete_oidc_sign_in(
        info.context, handle=input.handle, code=input.code, state=input.state, account=input.account
    )
    return await payload_of(CompleteOidcSignInPayload, completing)
