"""What the mutations of API apps answer."""

import strawberry
from strawberry import ID

from resolvers.apps import AppsView
from schema.apps.types import App
from schema.errors import UserError
from schema.presenter import Presenter

_ERRORS = "Why it was declined; empty when it was done."
_SHOWN_ONCE = (
    "The secret, to be sent as `Authorization: Bearer <secret>`. It is shown this once: null when it was declined, and "
    "when the operation was repeated with its idempotency key."
)


@strawberry.type
class OneApp:
    """The fields of payloads about one app."""

    app: App | None = strawberry.field(
        default=None, description="The app as it is now; null when it was declined, or the viewer does not see it."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type(description="The app that was made, with its first secret.")
class CreateAppPayload(OneApp):
    """Answer of createApp."""

    secret: str | None = strawberry.field(default=None, description=_SHOWN_ONCE)


@strawberry.type(description="The app that was changed.")
class UpdateAppPayload(OneApp):
    """Answer of updateApp."""


@strawberry.type(description="The app with its new secret.")
class RotateAppSecretPayload(OneApp):
    """Answer of rotateAppSecret."""

    secret: str | None = strawberry.field(default=None, description=_SHOWN_ONCE)


@strawberry.type(description="The app whose secret ended.")
class RevokeAppSecretPayload(OneApp):
    """Answer of revokeAppSecret."""


@strawberry.type(description="The app that stands on the viewer now.")
class AdoptAppPayload(OneApp):
    """Answer of adoptApp."""


@strawberry.type(description="The app that was deleted.")
class DeleteAppPayload:
    """Answer of deleteApp."""

    deleted_app_id: ID | None = strawberry.field(
        default=None, description="The global id of the app that is gone; null when it was declined."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


def shape_apps(view: AppsView) -> list[App]:
    """The apps of a view, as clients see them."""
    presenter = Presenter(view.related)
    return [App.of(facts, presenter) for facts in view.apps]


def shape_app(view: AppsView | None) -> App | None:
    """The one app of a view."""
    return shape_apps(view)[0] if view else None
