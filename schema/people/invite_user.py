"""inviteUser: a user who joins by accepting an invitation."""

import strawberry
from strawberry import ID

from domain import actor, people
from resolvers import people as resolvers
from schema.accounts.types import UserRole
from schema.arguments import Input
from schema.ids import Kind, uuid_of
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of
from schema.people.invitation_payload import InvitationPayload
from schema.people.role_inputs import USER_NAME, TicketScopeInput, roles_of


@mutation_input(description="The person to invite, and their roles, scopes and teams.")
class InviteUserInput(MutationInput):
    """An invitation."""

    email: str = strawberry.field(description="The e-mail address of the person.")
    name: str = strawberry.field(description=USER_NAME)
    roles: list[UserRole] = strawberry.field(
        default_factory=list, description="Built-in roles. A user has at least one role, built-in or custom."
    )
    custom_role_ids: list[ID] = strawberry.field(
        default_factory=list, description="The global ids of custom roles, at most 50. Requires ENTERPRISE."
    )
    view_scope: TicketScopeInput | None = strawberry.field(
        default=None, description="The tickets that the user may view; all unless given."
    )
    edit_scope: TicketScopeInput | None = strawberry.field(
        default=None, description="The tickets that the user may edit; those that they may view unless given."
    )
    team_ids: list[ID] = strawberry.field(
        default_factory=list, description="The global ids of active teams that the user joins, at most 100."
    )

    def invitee(self) -> people.Invitee:
        """The invitation as the domain takes it."""
        view = self.view_scope.scope() if self.view_scope else actor.TicketScope()
        edit = self.edit_scope.scope() if self.edit_scope else view
        roles = roles_of(self.roles, self.custom_role_ids)
        teams = [uuid_of(Kind.TEAM, each) for each in self.team_ids]
        return people.Invitee(self.email, self.name, roles, people.Scopes(view, edit), teams)


@payload(description="The member who was invited.")
class InviteUserPayload(InvitationPayload):
    """Answer of inviteUser."""


@strawberry.mutation(
    description="Invite a person, who becomes a user by accepting: pass the token on to them, and to nobody else. It "
    "ends after 14 days, or when it is used, renewed or cancelled. Requires the SUPER_ADMIN role."
)
async def invite_user(info: Info, input: Input[InviteUserInput]) -> InviteUserPayload:
    """Declines NOT_PERMITTED, PLAN_TOO_LOW, NOT_FOUND, INVALID."""
    inviting = resolvers.invite_user(mutation_of(info, input), invitee=input.invitee())
    return await payload_of(InviteUserPayload, inviting)
