"""createApp: an API app with its first secret (B32)."""

import strawberry
from strawberry import ID

from resolvers import apps as resolvers
from schema.apps.app_inputs import LIFETIME, NAME, PERMISSIONS, pipelines_of, span
from schema.apps.app_payload import AppSecretPayload
from schema.arguments import Input
from schema.enums import AppReach
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of


@mutation_input(description="A new API app.")
class CreateAppInput(MutationInput):
    """A name, permissions and a reach (B32)."""

    name: str = strawberry.field(description=NAME)
    permissions: list[str] = strawberry.field(description=PERMISSIONS)
    reach: AppReach = strawberry.field(description="Which pipelines the app reaches.")
    pipeline_ids: list[ID] | None = strawberry.field(
        default=None,
        description="The global ids of the pipelines that the app reaches, at most 500. Required for the reach LISTED, "
        "where the list may be empty; not allowed otherwise.",
    )
    expires_in_days: int = strawberry.field(default=365, description=LIFETIME)


@payload(description="The app that was created, with its first secret.")
class CreateAppPayload(AppSecretPayload):
    """Answer of createApp."""


@strawberry.mutation(
    description="Create an API app that acts on its own, with its first secret. The viewer becomes its sponsor: once "
    "the sponsor no longer has the SUPER_ADMIN role, the app is suspended until a super admin adopts it. At most 100 "
    "per account. Requires the SUPER_ADMIN role."
)
async def create_app(info: Info, input: Input[CreateAppInput]) -> CreateAppPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, INVALID (B32)."""
    creating = resolvers.create_app(
        mutation_of(info, input),
        name=input.name,
        permissions=input.permissions,
        reach=input.reach,
        listed=pipelines_of(input.pipeline_ids),
        lifetime=span(days=input.expires_in_days),
    )
    return await payload_of(CreateAppPayload, creating)
