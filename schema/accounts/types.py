"""Accounts, people and teams, and how people sign in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry
from strawberry import ID

from domain import accounts
from policies import Role
from resolvers import accounts as resolvers
from resolvers import teams as team_resolvers
from schema.accounts.plans import BoughtPlan, Limit, Limits
from schema.arguments import Input
from schema.errors import UserError
from schema.ids import Kind, global_id
from schema.info import Info, includes_of
from schema.node import Node
from schema.results import settle
from schema.viewer_can import AccountAbilities


@strawberry.enum(name="Role", description="What a user is in an account; each role includes VIEWER.")
class UserRole(Enum):
    """The roles that a user can be given."""

    SUPER_ADMIN = Role.SUPER_ADMIN.value
    SETTINGS_EDITOR = Role.SETTINGS_EDITOR.value
    WORKFLOW_EDITOR = Role.WORKFLOW_EDITOR.value
    AGENT = Role.AGENT.value
    VIEWER = Role.VIEWER.value


@strawberry.type(description="A user of the account, or a placeholder for somebody that an import named.")
class User(Node):
    """A person as others see them."""

    name: str = strawberry.field(description="What the user is called.")
    email: str | None = strawberry.field(description="The e-mail address; null for placeholders.")
    active: bool = strawberry.field(description="Whether the user can sign in and be given tickets.")

    @classmethod
    def of(cls, user: accounts.User | accounts.Name) -> "User":
        """From a user, or from a user's name on a card."""
        return cls(id=ID(global_id(Kind.USER, user.id)), name=user.name, email=user.email, active=user.active)


@strawberry.type(description="A group of users: it can be given tickets and granted pipelines.")
class Team(Node):
    """A team as others see it."""

    name: str = strawberry.field(description="What the team is called.")
    active: bool = strawberry.field(description="Whether the team can be given tickets.")
    revision: int = strawberry.field(description="Grows with every change; pass it as `expectedRevision`.")

    members: list[User] | None = strawberry.field(
        description="Its members by name, inactive ones included; null for viewers who do not manage people."
    )

    @classmethod
    def of(cls, team: accounts.Team | accounts.Name, members: Mapping[UUID, Sequence[accounts.Name]] | None) -> "Team":
        """From a team, or from a team's name on a card; `members` are those of all teams, where they may be seen."""
        return cls(
            id=ID(global_id(Kind.TEAM, team.id)),
            name=team.name,
            active=team.active,
            revision=team.revision,
            members=None if members is None else [User.of(member) for member in members.get(team.id, ())],
        )


@strawberry.type(description="The account that the token belongs to.")
class Account(Node):
    """The tenant."""

    name: str = strawberry.field(description="What the account is called.")
    slug: str = strawberry.field(description="Its short name, by which people sign in to it.")
    time_zone: str = strawberry.field(description="An IANA name, such as Europe/Amsterdam.")
    locale: str = strawberry.field(description="A BCP 47 tag, such as en.")
    plan: BoughtPlan = strawberry.field(description="What the account has bought.")
    limits: Limits = strawberry.field(description="What the plan limits.")
    viewer_can: AccountAbilities = strawberry.field(description="What the viewer may do in the account.")

    @classmethod
    def of(cls, view: resolvers.AccountView) -> "Account":
        """From what a resolver found."""
        account = view.account
        return cls(
            id=ID(global_id(Kind.ACCOUNT, account.id)),
            name=account.name,
            slug=account.slug,
            time_zone=account.time_zone,
            locale=account.locale,
            plan=BoughtPlan.of(account.plan),
            limits=Limits(pipelines=Limit(limit=view.pipeline_limit, used=view.pipelines_used)),
            viewer_can=AccountAbilities.of(view.actor),
        )


@strawberry.input(description="An e-mail address and a password.")
class SignInInput:
    """What signing in takes."""

    email: str = strawberry.field(description="The e-mail address.")
    password: str = strawberry.field(description="The password.")
    account: str | None = strawberry.field(default=None, description="The slug of the account, if there are several.")


@strawberry.type(description="A token, or why there is none.")
class SignInPayload:
    """What signing in gives."""

    token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer <token>`. It is shown this once."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the token ends.")
    user: User | None = strawberry.field(default=None, description="Who signed in.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was declined, if it was.")


@strawberry.type(description="The token of this request has ended.")
class SignOutPayload:
    """What signing out gives."""

    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why it was declined, if it was.")


@strawberry.type
class AccountQuery:
    """Root fields about the account and its people."""

    @strawberry.field(description="The account that the token belongs to, with its plan and limits.")
    async def account(self, info: Info) -> Account:
        """The tenant."""
        return Account.of(await resolvers.account(info.context))

    @strawberry.field(description="The active users of the account by name, at most 1,000: those who can own tickets.")
    async def users(self, info: Info) -> list[User]:
        """Owners to be."""
        return [User.of(user) for user in await resolvers.list_users(info.context)]

    @strawberry.field(description="The active teams of the account by name, at most 1,000.")
    async def teams(self, info: Info) -> list[Team]:
        """Teams that can own tickets."""
        view = await team_resolvers.list_teams(info.context, includes_of(info))
        return [Team.of(team, view.members) for team in view.teams]


@strawberry.type
class AccountMutation:
    """Root fields of signing in and out."""

    @strawberry.mutation(description="Exchange an e-mail address and a password for a bearer token.")
    async def sign_in(self, info: Info, input: Input[SignInInput]) -> SignInPayload:
        """Declines SIGN_IN_FAILED, ACCOUNT_NEEDED, TOO_MANY_ATTEMPTS."""
        signing_in = resolvers.sign_in(info.context, email=input.email, password=input.password, account=input.account)
        return await settle(
            signing_in,
            lambda done: SignInPayload(token=done.token, expires_at=done.expires_at, user=User.of(done.user)),
            lambda errors: SignInPayload(user_errors=errors),
        )

    @strawberry.mutation(description="End the token that this request was sent with.")
    async def sign_out(self, info: Info) -> SignOutPayload:
        """Declines nothing."""
        await resolvers.sign_out(info.context)
        return SignOutPayload()
