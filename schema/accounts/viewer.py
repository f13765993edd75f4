"""The viewer: who asks, a user or an API app."""

import strawberry

from resolvers import viewer as resolvers
from schema.accounts.types import Account, User, UserRole
from schema.apps.app_payload import app_of
from schema.apps.types import App
from schema.people.roles import CustomRole


@strawberry.type(description="Who asks: a user or an API app.")
class Viewer:
    """Whoever is behind the token."""

    user: User | None = strawberry.field(description="The user; null when an API app asks.")
    app: App | None = strawberry.field(description="The API app; null when a user asks.")
    roles: list[UserRole] = strawberry.field(description="The roles that the user holds; an API app has none.")
    custom_roles: list[CustomRole] = strawberry.field(
        description="The custom roles that the user holds, by name; an API app has none."
    )
    permissions: list[str] = strawberry.field(
        description="All that the user's roles, or the API app itself, may do by name, such as ticket:write; the plan, "
        "and the access to single pipelines and tickets, may allow less."
    )
    account: Account = strawberry.field(description="The account that the token belongs to.")

    @classmethod
    def of(cls, view: resolvers.ViewerView) -> "Viewer":
        """From what a resolver found."""
        return cls(
            user=User.of(view.user) if view.user else None,
            app=app_of(view.app),
            roles=[UserRole(role) for role in sorted(view.user.roles)] if view.user else [],
            custom_roles=[CustomRole.of(role) for role in view.custom_roles],
            permissions=sorted(view.account.actor.permissions),
            account=Account.of(view.account),
        )
