"""What the mutations of API apps take."""

from datetime import timedelta

import strawberry
from strawberry import ID

from schema.enums import AppReach
from schema.pipelines.inputs import KEY, REVISION

_APP = "The global id of the app."
_NAME = "What it is to be called, at most 200 characters."
_PERMISSIONS = (
    "What it may do, at least one: each of pipeline:view, pipeline:create, pipeline:reorder, pipeline:edit, "
    "pipeline:delete, stage:add, property:edit, ticket:view, ticket:write and ticket:delete that you hold yourself."
)
_LIFETIME = "In how many days the new secret ends, from 1 to 730."
_SECRET_KEY = f"{KEY} A repetition does not show the secret again."


@strawberry.input(description="What a new API app is to be.")
class CreateAppInput:
    """A name, permissions and a reach (B32)."""

    name: str = strawberry.field(description=_NAME)
    permissions: list[str] = strawberry.field(description=_PERMISSIONS)
    reach: AppReach = strawberry.field(description="Which pipelines it reaches.")
    pipeline_ids: list[ID] | None = strawberry.field(
        default=None,
        description="The global ids of the pipelines that it reaches, at most 500; needed for LISTED, where the list "
        "may be empty, and for no other reach.",
    )
    expires_in_days: int = strawberry.field(default=365, description=_LIFETIME)
    idempotency_key: str | None = strawberry.field(default=None, description=_SECRET_KEY)


@strawberry.input(description="What is to change of an API app; what is left out, or null, stays.")
class UpdateAppInput:
    """Name, permissions, reach or several of them."""

    app_id: ID = strawberry.field(description=_APP)
    name: str | None = strawberry.field(default=None, description=_NAME)
    permissions: list[str] | None = strawberry.field(
        default=None, description=f"All that it may do from now on. {_PERMISSIONS}"
    )
    reach: AppReach | None = strawberry.field(default=None, description="Which pipelines it reaches from now on.")
    pipeline_ids: list[ID] | None = strawberry.field(
        default=None,
        description="The global ids of all pipelines that it reaches from now on, at most 500, where the reach is, or "
        "becomes, LISTED.",
    )
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The API app that is to have a new secret.")
class RotateAppSecretInput:
    """An app, how long its older secrets stay, and how long the new one lasts."""

    app_id: ID = strawberry.field(description=_APP)
    overlap_hours: int = strawberry.field(
        default=24,
        description="In how many hours the secrets that it has end, from 0 to 720; with 0 they end at once. A secret "
        "that would end sooner anyway does.",
    )
    expires_in_days: int = strawberry.field(default=365, description=_LIFETIME)
    idempotency_key: str | None = strawberry.field(default=None, description=_SECRET_KEY)


@strawberry.input(description="The secret that is to end.")
class RevokeAppSecretInput:
    """A secret of an app."""

    secret_id: ID = strawberry.field(description="The global id of the secret.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The API app that is to stand on the viewer.")
class AdoptAppInput:
    """An app, suspended or not."""

    app_id: ID = strawberry.field(description=_APP)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The API app that is to go.")
class DeleteAppInput:
    """An app."""

    app_id: ID = strawberry.field(description=_APP)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


def span(*, days: int = 0, hours: int = 0) -> timedelta:
    """As the domain takes it, which declines what is out of bounds; a timedelta could not even hold some of it."""
    most = 1_000_000
    return timedelta(days=max(-1, min(days, most)), hours=max(-1, min(hours, most)))
