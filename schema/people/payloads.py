"""What the mutations of people, teams and custom roles answer."""

from datetime import datetime

import strawberry
from strawberry import ID

from resolvers.people import TeamsView
from schema.accounts.types import Team, User
from schema.errors import UserError
from schema.people.roles import CustomRole
from schema.people.types import Member

_ERRORS = "Why it was declined; empty when it was done."
_MEMBER = "The member as they are now; null when it was declined, or when the viewer manages people no more."


@strawberry.type
class OneMember:
    """The fields of payloads about one member."""

    member: Member | None = strawberry.field(default=None, description=_MEMBER)
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type
class OneInvited(OneMember):
    """The fields of payloads about a fresh invitation."""

    token: str | None = strawberry.field(
        default=None,
        description="The token to pass on to the person, and to nobody else. It is shown this once: null when it was "
        "declined, and when the operation was repeated with its idempotency key.",
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When it ends: 14 days from now.")


@strawberry.type(description="Who was invited.")
class InviteUserPayload(OneInvited):
    """Answer of inviteUser."""


@strawberry.type(description="Who was invited again.")
class RenewInvitationPayload(OneInvited):
    """Answer of renewInvitation."""


@strawberry.type(description="Whose invitation was cancelled.")
class CancelInvitationPayload(OneMember):
    """Answer of cancelInvitation."""


@strawberry.type(description="Whose roles were set.")
class SetUserRolesPayload(OneMember):
    """Answer of setUserRoles."""


@strawberry.type(description="Whose ticket scopes were set.")
class SetTicketScopesPayload(OneMember):
    """Answer of setTicketScopes."""


@strawberry.type(description="Who was renamed.")
class RenameUserPayload(OneMember):
    """Answer of renameUser."""


@strawberry.type(description="Who left.")
class DeactivateUserPayload(OneMember):
    """Answer of deactivateUser."""


@strawberry.type(description="Who came back.")
class ReactivateUserPayload(OneMember):
    """Answer of reactivateUser."""


@strawberry.type(description="A token for the account that was joined, or why there is none.")
class AcceptInvitationPayload:
    """Answer of acceptInvitation."""

    token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer <token>`. It is shown this once."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the token ends.")
    user: User | None = strawberry.field(default=None, description="Who joined.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type
class OneTeam:
    """The fields of payloads about one team."""

    team: Team | None = strawberry.field(default=None, description="The team as it is now; null when it was declined.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type(description="The team that was made.")
class CreateTeamPayload(OneTeam):
    """Answer of createTeam."""


@strawberry.type(description="The team that was changed.")
class UpdateTeamPayload(OneTeam):
    """Answer of updateTeam."""


@strawberry.type(description="The team that reaches nothing more.")
class DeactivateTeamPayload(OneTeam):
    """Answer of deactivateTeam."""


@strawberry.type(description="The team that is one again.")
class ReactivateTeamPayload(OneTeam):
    """Answer of reactivateTeam."""


@strawberry.type
class OneRole:
    """The fields of payloads about one custom role."""

    role: CustomRole | None = strawberry.field(
        default=None, description="The custom role as it is now; null when it was declined."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type(description="The custom role that was defined.")
class CreateRolePayload(OneRole):
    """Answer of createRole."""


@strawberry.type(description="The custom role that was changed.")
class UpdateRolePayload(OneRole):
    """Answer of updateRole."""


@strawberry.type(description="The custom role that was deleted.")
class DeleteRolePayload:
    """Answer of deleteRole."""

    deleted_role_id: ID | None = strawberry.field(
        default=None, description="The global id of the custom role that is gone; null when it was declined."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


def shape_team(view: TeamsView) -> Team | None:
    """The one team of a view."""
    return next((Team.of(team, view.members) for team in view.teams), None)
