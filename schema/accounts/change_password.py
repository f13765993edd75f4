"""changePassword: a new password for the viewer (B19)."""

from typing import Self

import strawberry

from resolvers import sessions as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import Payload, payload, payload_of


@strawberry.input(description="The present and the new password; never stored with an idempotency key.")
class ChangePasswordInput:
    """Two passwords."""

    current_password: str = strawberry.field(description="The password that the viewer signs in with.")
    new_password: str = strawberry.field(
        description="The new password: 10 to 1,024 characters, neither the e-mail address nor the present password."
    )


@payload(description="Whether the password was changed.")
class ChangePasswordPayload(Payload):
    """Answer of changePassword."""

    @classmethod
    def of(cls, _: None) -> Self:
        """Nothing but that it succeeded."""
        return cls()


@strawberry.mutation(
    description="Change the password of the viewer. All their other sessions end, in every account they belong to."
)
async def change_password(info: Info, input: Input[ChangePasswordInput]) -> ChangePasswordPayload:
    """Declines WRONG_PASSWORD, NO_PASSWORD, INVALID, TOO_MANY_ATTEMPTS, CONFLICT (B19)."""
    changing = resolvers.change_password(info.context, current=input.current_password, new=input.new_password)
    return await payload_of(ChangePasswordPayload, changing)
