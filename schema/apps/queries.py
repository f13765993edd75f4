"""Root fields that find API apps."""

from typing import Annotated

import strawberry
from strawberry import ID, argument

from resolvers import apps as resolvers
from schema.apps.app_payload import app_of, apps_of
from schema.apps.types import App
from schema.ids import Kind, uuid_of
from schema.info import Info, includes_of
from schema.results import or_null


@strawberry.type
class AppQuery:
    """Queries about API apps."""

    @strawberry.field(description="The API apps of the account by name, at most 100; null for who may not manage them.")
    async def apps(self, info: Info) -> list[App] | None:
        """For super admins (B32)."""
        view = await resolvers.list_apps(info.context, includes_of(info))
        return apps_of(view) if view else None

    @strawberry.field(
        description="One API app; null when there is none for the viewer. An app sees itself, and super admins see all."
    )
    async def app(self, info: Info, id: Annotated[ID, argument(description="The global id of the app.")]) -> App | None:
        """One app (B32)."""
        return app_of(await or_null(resolvers.find_app(info.context, uuid_of(Kind.APP, id), includes_of(info))))
