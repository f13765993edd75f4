"""rotateAppSecret: a new secret for an API app (B32)."""

import strawberry
from strawberry import ID

from resolvers import apps as resolvers
from schema.apps.app_inputs import LIFETIME, span
from schema.apps.app_payload import AppSecretPayload
from schema.arguments import Input
from schema.ids import Kind, uuid_of
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of


@mutation_input(description="The API app to give a new secret.")
class RotateAppSecretInput(MutationInput):
    """An app, how long its present secrets stay valid, and how long the new one does."""

    app_id: ID = strawberry.field(description="The global id of the app.")
    overlap_hours: int = strawberry.field(
        default=24,
        description="In how many hours the present secrets expire, from 0 to 720; 0 ends them at once. A secret that "
        "expires sooner still does.",
    )
    expires_in_days: int = strawberry.field(default=365, description=LIFETIME)


@payload(description="The app with its new secret.")
class RotateAppSecretPayload(AppSecretPayload):
    """Answer of rotateAppSecret."""


@strawberry.mutation(
    description="Give an API app a new secret. Its present secrets stay valid for an overlap, so that the app can "
    "switch without a gap; at most 10 are valid at once. Requires the SUPER_ADMIN role."
)
async def rotate_app_secret(info: Info, input: Input[RotateAppSecretInput]) -> RotateAppSecretPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, INVALID (B32)."""
    rotating = resolvers.rotate_app_secret(
        mutation_of(info, input),
        app_id=uuid_of(Kind.APP, input.app_id),
        overlap=span(hours=input.overlap_hours),
        lifetime=span(days=input.expires_in_days),
    )
    return await payload_of(RotateAppSecretPayload, rotating)
