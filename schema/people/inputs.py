"""What the mutations of people, teams and custom roles take."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from domain import actor, people
from policies import Role
from schema.accounts.types import UserRole
from schema.enums import Reach
from schema.ids import Kind, uuid_of
from schema.pipelines.inputs import KEY, REVISION

_USER = "The global id of the user."
_ROLE = "The global id of the custom role."
_NAME = "What they are to be called, at most 200 characters."
_SECRET_KEY = f"{KEY} A repetition does not show the token again."
_PERMISSIONS = (
    "What it is to allow, at least one: permissions that `permissions` says can be given, and that the viewer holds."
)


@strawberry.input(description="Which tickets of the visible pipelines a user is to view, or edit.")
class TicketScopeInput:
    """A scope to be (B21)."""

    reach: Reach = strawberry.field(description="How far it reaches.")
    unassigned: bool = strawberry.field(
        default=False, description="Whether it adds the tickets that nobody owns; with ALL it does anyway."
    )

    def plain(self) -> actor.TicketScope:
        """As the domain takes it."""
        return actor.TicketScope(self.reach, self.unassigned)


@strawberry.input(description="Somebody who is to join, and what they will be then.")
class InviteUserInput:
    """An invitation to be."""

    email: str = strawberry.field(description="Their e-mail address.")
    name: str = strawberry.field(description=_NAME)
    roles: list[UserRole] = strawberry.field(
        default_factory=list, description="Built-in roles; at least one role, built-in or custom."
    )
    custom_role_ids: list[ID] = strawberry.field(
        default_factory=list, description="The global ids of custom roles, at most 50. Needs ENTERPRISE."
    )
    view_scope: TicketScopeInput | None = strawberry.field(
        default=None, description="The tickets that they are to view; all unless given."
    )
    edit_scope: TicketScopeInput | None = strawberry.field(
        default=None, description="The tickets that they are to edit; those that they view unless given."
    )
    team_ids: list[ID] = strawberry.field(
        default_factory=list, description="The global ids of active teams that they are to be in, at most 100."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_SECRET_KEY)

    def plain(self) -> people.Invitee:
        """As the domain takes it."""
        view = self.view_scope.plain() if self.view_scope else actor.TicketScope()
        edit = self.edit_scope.plain() if self.edit_scope else view
        roles = roles_of(self.roles, self.custom_role_ids)
        teams = [uuid_of(Kind.TEAM, each) for each in self.team_ids]
        return people.Invitee(self.email, self.name, roles, people.Scopes(view, edit), teams)


@strawberry.input(description="The user whose invitation is to be renewed.")
class RenewInvitationInput:
    """Somebody who has not joined."""

    user_id: ID = strawberry.field(description=_USER)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=_SECRET_KEY)


@strawberry.input(description="The user whose invitation is to be cancelled.")
class CancelInvitationInput:
    """Somebody who has not joined."""

    user_id: ID = strawberry.field(description=_USER)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="An invitation and a password; never kept with an idempotency key.")
class AcceptInvitationInput:
    """What joining takes."""

    token: str = strawberry.field(description="The token of the invitation.")
    password: str = strawberry.field(
        description="The password that the person has already, in whatever account; or else the one that they choose: "
        "10 to 1,024 characters, and not the e-mail address."
    )
    name: str | None = strawberry.field(
        default=None, description="What they want to be called, at most 200 characters; as invited unless given."
    )


@strawberry.input(description="All roles that a user is to hold.")
class SetUserRolesInput:
    """Built-in and custom roles, as a whole."""

    user_id: ID = strawberry.field(description=_USER)
    roles: list[UserRole] = strawberry.field(
        description="All built-in roles, in place of those there were; at least one role, built-in or custom."
    )
    custom_role_ids: list[ID] = strawberry.field(
        default_factory=list,
        description="The global ids of all custom roles, in place of those there were; at most 50. Another one needs "
        "ENTERPRISE.",
    )
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Both ticket scopes of a user.")
class SetTicketScopesInput:
    """View and edit scope (B21)."""

    user_id: ID = strawberry.field(description=_USER)
    view: TicketScopeInput = strawberry.field(description="The tickets that they are to view.")
    edit: TicketScopeInput = strawberry.field(description="The tickets of these that they are to edit.")
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A new name for a user.")
class RenameUserInput:
    """The name in this account."""

    user_id: ID = strawberry.field(description=_USER)
    name: str = strawberry.field(description=_NAME)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The user who leaves.")
class DeactivateUserInput:
    """An active user."""

    user_id: ID = strawberry.field(description=_USER)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The user who comes back.")
class ReactivateUserInput:
    """An inactive user."""

    user_id: ID = strawberry.field(description=_USER)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What a new custom role is to be.")
class CreateRoleInput:
    """A name and permissions."""

    name: str = strawberry.field(description="What it is to be called, at most 200 characters; unique in the account.")
    permissions: list[str] = strawberry.field(description=_PERMISSIONS)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What is to change of a custom role; what is left out, or null, stays.")
class UpdateRoleInput:
    """Name, permissions or both."""

    role_id: ID = strawberry.field(description=_ROLE)
    name: str | None = strawberry.field(default=None, description="What it is to be called, at most 200 characters.")
    permissions: list[str] | None = strawberry.field(
        default=None, description=f"All that it allows from now on. {_PERMISSIONS}"
    )
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The custom role that is to go.")
class DeleteRoleInput:
    """A role that nobody holds."""

    role_id: ID = strawberry.field(description=_ROLE)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


def roles_of(roles: Sequence[UserRole], custom_ids: Sequence[ID]) -> people.Roles:
    """As the domain takes them."""
    custom: list[UUID] = [uuid_of(Kind.ROLE, each) for each in custom_ids]
    return people.Roles(frozenset(Role(role.value) for role in roles), frozenset(custom))
