"""adoptApp: the viewer becomes the sponsor of an API app (B32)."""

import strawberry

from resolvers import apps as resolvers
from schema.apps.app_payload import AppInput, AppPayload
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of


@mutation_input(description="The API app to adopt.")
class AdoptAppInput(AppInput):
    """An app, suspended or not."""


@payload(description="The app that was adopted.")
class AdoptAppPayload(AppPayload):
    """Answer of adoptApp."""


@strawberry.mutation(
    description="Become the sponsor of an API app and lift its suspension. Existing secrets stay valid; rotate them "
    "with `overlapHours: 0` if they may be known to others. Requires the SUPER_ADMIN role."
)
async def adopt_app(info: Info, input: Input[AdoptAppInput]) -> AdoptAppPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT (B32)."""
    adopting = resolvers.adopt_app(mutation_of(info, input), app_id=input.id, expected_revision=input.expected_revision)
    return await payload_of(AdoptAppPayload, adopting)
