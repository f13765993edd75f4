"""Root fields about the viewer, their account, its users and teams, and the viewer's sessions."""

import strawberry

from resolvers import accounts as resolvers
from resolvers import sessions as session_resolvers
from resolvers import teams as team_resolvers
from resolvers import viewer as viewer_resolvers
from schema.accounts.session import Session, sessions_of
from schema.accounts.types import Account, Team, User
from schema.accounts.viewer import Viewer
from schema.info import Info, includes_of


@strawberry.type
class AccountQuery:
    """Queries about the account and its viewer."""

    @strawberry.field(
        description="The user or API app that the token belongs to, with roles, account, plan and limits."
    )
    async def viewer(self, info: Info) -> Viewer:
        """The user or the app behind the token."""
        return Viewer.of(await viewer_resolvers.viewer(info.context, includes_of(info)))

    @strawberry.field(description="The account that the token belongs to, with its plan and limits.")
    async def account(self, info: Info) -> Account:
        """The tenant."""
        return Account.of(await resolvers.account(info.context))

    @strawberry.field(description="The active users of the account by name, at most 1,000: those who can own tickets.")
    async def users(self, info: Info) -> list[User]:
        """Users who can own tickets."""
        return [User.of(user) for user in await resolvers.list_users(info.context)]

    @strawberry.field(description="The active teams of the account by name, at most 1,000.")
    async def teams(self, info: Info) -> list[Team]:
        """Teams that can own tickets."""
        view = await team_resolvers.list_teams(info.context, includes_of(info))
        return [Team.of(team, view.members) for team in view.teams]

    @strawberry.field(
        description="The sessions of the viewer, the most recently used first, at most 100. An API app has none."
    )
    async def sessions(self, info: Info) -> list[Session]:
        """Where the viewer is signed in."""
        return sessions_of(await session_resolvers.list_sessions(info.context))
