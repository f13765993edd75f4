"""Who asks: the user or the app behind the token, and in which account."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain import accounts, apps, people
from domain.actor import ActorKind
from resolvers.accounts import AccountView, account_view
from resolvers.apps import AppsView, view_of
from resolvers.context import Context
from resolvers.related import Includes


@dataclass(frozen=True)
class ViewerView:
    """Either a user or one app, and the account."""

    user: accounts.User | None
    app: AppsView | None
    account: AccountView
    custom_roles: Sequence[accounts.CustomRole] = ()


async def viewer(context: Context, includes: Includes) -> ViewerView:
    """Who asks, and in which account."""
    async with context.reading() as work:
        actor = work.actor
        account = await account_view(context, work)
        if actor.kind is ActorKind.APP and actor.id is not None:
            return ViewerView(None, await view_of(work, [await apps.find_app(work, actor.id)], includes), account)
        users = await accounts.find_users(work, [actor.user_id])
        roles = await people.find_own_roles(work) if includes.custom_roles else ()
        return ViewerView(next(iter(users.values())), None, account, roles)
