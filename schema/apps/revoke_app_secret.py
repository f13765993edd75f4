"""revokeAppSecret: the end of a secret (B32)."""

import strawberry
from strawberry import ID

from resolvers import apps as resolvers
from schema.apps.app_payload import AppPayload
from schema.arguments import Input
from schema.ids import Kind, uuid_of
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of


@mutation_input(description="The secret to revoke.")
class RevokeAppSecretInput(MutationInput):
    """A secret of an app."""

    secret_id: ID = strawberry.field(description="The global id of the secret.")


@payload(description="The app whose secret was revoked.")
class RevokeAppSecretPayload(AppPayload):
    """Answer of revokeAppSecret."""


@strawberry.mutation(description="Revoke a secret of an API app at once. Requires the SUPER_ADMIN role.")
async def revoke_app_secret(info: Info, input: Input[RevokeAppSecretInput]) -> RevokeAppSecretPayload:
    """Declines NOT_PERMITTED, NOT_FOUND (B32)."""
    revoking = resolvers.revoke_app_secret(
        mutation_of(info, input), secret_id=uuid_of(Kind.APP_SECRET, input.secret_id)
    )
    return await payload_of(RevokeAppSecretPayload, revoking)
