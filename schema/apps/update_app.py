"""updateApp: the name, permissions and reach of an API app (B32)."""

import strawberry
from strawberry import ID

from domain.apps import AppChanges
from resolvers import apps as resolvers
from schema.apps.app_inputs import NAME, PERMISSIONS, pipelines_of
from schema.apps.app_payload import AppInput, AppPayload
from schema.arguments import Input
from schema.enums import AppReach
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of


@mutation_input(description="The fields of an API app to change; omitted fields and null stay as they are.")
class UpdateAppInput(AppInput):
    """Name, permissions, reach or several of them."""

    name: str | None = strawberry.field(default=None, description=NAME)
    permissions: list[str] | None = strawberry.field(
        default=None, description=f"All permissions, in place of the present ones. {PERMISSIONS}"
    )
    reach: AppReach | None = strawberry.field(default=None, description="Which pipelines the app reaches.")
    pipeline_ids: list[ID] | None = strawberry.field(
        default=None,
        description="The global ids of all pipelines that the app reaches, in place of the present ones, at most 500; "
        "only for the reach LISTED.",
    )


@payload(description="The app that was updated.")
class UpdateAppPayload(AppPayload):
    """Answer of updateApp."""


@strawberry.mutation(
    description="Update an API app; the change takes effect from its next request on. Requires the SUPER_ADMIN role."
)
async def update_app(info: Info, input: Input[UpdateAppInput]) -> UpdateAppPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID (B32)."""
    updating = resolvers.update_app(
        mutation_of(info, input),
        app_id=input.id,
        changes=AppChanges(input.name, input.permissions, input.reach, pipelines_of(input.pipeline_ids)),
        expected_revision=input.expected_revision,
    )
    return await payload_of(UpdateAppPayload, updating)
