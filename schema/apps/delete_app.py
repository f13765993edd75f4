"""deleteApp: the end of an API app (B32)."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import apps as resolvers
from schema.apps.app_payload import AppInput
from schema.arguments import Input
from schema.ids import Kind, global_id
from schema.info import Info
from schema.mutation import Payload, mutation_input, mutation_of, payload, payload_of


@mutation_input(description="The API app to delete.")
class DeleteAppInput(AppInput):
    """An app."""


@payload(description="The app that was deleted.")
class DeleteAppPayload(Payload):
    """Answer of deleteApp."""

    deleted_app_id: ID | None = strawberry.field(
        default=None, description="The global id of the deleted app; null if the request was declined."
    )

    @classmethod
    def of(cls, app_id: UUID) -> Self:
        """The id of the app that was deleted."""
        return cls(deleted_app_id=ID(global_id(Kind.APP, app_id)))


@strawberry.mutation(
    description="Delete an API app: its secrets end at once, and what it did is kept. Requires the SUPER_ADMIN role."
)
async def delete_app(info: Info, input: Input[DeleteAppInput]) -> DeleteAppPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT (B32)."""
    deleting = resolvers.delete_app(
        mutation_of(info, input), app_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(DeleteAppPayload, deleting)
