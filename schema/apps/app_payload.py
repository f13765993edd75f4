"""What the mutations of one API app have in common."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers.apps import AppsView
from resolvers.mutation import Secret
from schema.apps.types import App
from schema.ids import Kind, uuid_of
from schema.mutation import Payload, RevisedInput
from schema.presenter import Presenter


@strawberry.input
class AppInput(RevisedInput):
    """The fields of inputs that change one app with a revision."""

    app_id: ID = strawberry.field(description="The global id of the app.")

    @property
    def id(self) -> UUID:
        """The id of the app."""
        return uuid_of(Kind.APP, self.app_id)


@strawberry.type
class AppPayload(Payload):
    """The fields of payloads that return one app."""

    app: App | None = strawberry.field(
        default=None,
        description="The app as it is now; null if the request was declined, or if the viewer no longer sees it.",
    )

    @classmethod
    def of(cls, view: AppsView | None) -> Self:
        """The app that was read again after the commit."""
        return cls(app=app_of(view))


@strawberry.type
class AppSecretPayload(Payload):
    """The fields of payloads that return a new secret."""

    app: App | None = strawberry.field(
        default=None,
        description="The app as it is now; null if the request was declined, or if the viewer no longer sees it.",
    )
    secret: str | None = strawberry.field(
        default=None,
        description="The secret, to send as `Authorization: Bearer <secret>`. It is returned only once: null if the "
        "request was declined or repeats an earlier one with its idempotency key.",
    )

    @classmethod
    def of(cls, done: tuple[AppsView | None, Secret | None]) -> Self:
        """The app that was read again after the commit, and its secret."""
        view, secret = done
        return cls(app=app_of(view), secret=secret.token if secret else None)


def apps_of(view: AppsView) -> list[App]:
    """The apps of a view as clients see them."""
    presenter = Presenter(view.related)
    return [App.of(facts, presenter) for facts in view.apps]


def app_of(view: AppsView | None) -> App | None:
    """The one app of a view."""
    return apps_of(view)[0] if view else None
