"""signIn: an e-mail address and a password for a bearer token."""

import strawberry

from resolvers import accounts as resolvers
from schema.accounts.token_payload import TokenPayload
from schema.arguments import Input
from schema.info import Info
from schema.mutation import payload, payload_of


@strawberry.input(description="An e-mail address and a password; never stored with an idempotency key.")
class SignInInput:
    """The credentials of a user."""

    email: str = strawberry.field(description="The e-mail address.")
    password: str = strawberry.field(description="The password.")
    account: str | None = strawberry.field(
        default=None, description="The slug of the account; required for users of several accounts."
    )


@payload(description="A bearer token, or why there is none.")
class SignInPayload(TokenPayload):
    """Answer of signIn."""


@strawberry.mutation(description="Exchange an e-mail address and a password for a bearer token.")
async def sign_in(info: Info, input: Input[SignInInput]) -> SignInPayload:
    """Declines SIGN_IN_FAILED, ACCOUNT_NEEDED, TOO_MANY_ATTEMPTS."""
    signing_in = resolvers.sign_in(info.context, email=input.email, password=input.password, account=input.account)
    return await payload_of(SignInPayload, signing_in)
