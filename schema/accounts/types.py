"""Accounts, users and teams as clients see them."""

from collections.abc import Mapping, Sequence
from enum import Enum
from uuid import UUID

import strawberry
from strawberry import ID

from domain import accounts
from policies import Role
from resolvers import accounts as resolvers
from schema.accounts.plans import BoughtPlan, Limit, Limits
from schema.ids import Kind, global_id
from schema.node import Node
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
