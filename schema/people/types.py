"""Members, their scopes and invitations, and the law about permissions, as clients see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from domain import actor, people
from domain.accounts import Name
from domain.page import NameCursor
from policies import Permission, Role, may_be_given, rule_of
from resolvers.people import MembersView
from resolvers.ports import Seal
from schema.accounts.types import Team, User, UserRole
from schema.enums import PermissionLevel, Reach, Tier, UserState
from schema.paging import PageInfo, bound_to_members, seal_name
from schema.people.roles import CustomRole


@strawberry.type(description="Which tickets of the visible pipelines a user may view, or edit.")
class TicketScope:
    """One of a user's two scopes (B21)."""

    reach: Reach = strawberry.field(description="How far it reaches.")
    unassigned: bool = strawberry.field(description="Whether it adds the tickets that nobody owns; with ALL it does.")

    @classmethod
    def of(cls, scope: actor.TicketScope) -> "TicketScope":
        """From a scope of the domain."""
        return cls(reach=scope.reach, unassigned=scope.unassigned or scope.reach is Reach.ALL)


@strawberry.type(description="An invitation that was neither accepted nor cancelled.")
class MemberInvitation:
    """Since when, and until when it can be accepted."""

    invited_at: datetime = strawberry.field(description="When it was made, or renewed last.")
    expires_at: datetime = strawberry.field(description="When it ends; in the past once it has, until it is renewed.")


@strawberry.type(description="A user with all that whoever manages people decides about.")
class Member:
    """A user as administrators see them."""

    user: User = strawberry.field(description="The user.")
    state: UserState = strawberry.field(description="Whether they work here.")
    roles: list[UserRole] = strawberry.field(description="The built-in roles that they hold.")
    custom_roles: list[CustomRole] = strawberry.field(description="The custom roles that they hold, by name.")
    view_scope: TicketScope = strawberry.field(description="The tickets that they may view; super admins view all.")
    edit_scope: TicketScope = strawberry.field(description="The tickets that they may edit; super admins edit all.")
    teams: list[Team] = strawberry.field(description="The teams that they are in by name, inactive ones included.")
    invitation: MemberInvitation | None = strawberry.field(
        description="Their open invitation; null when there is none."
    )
    revision: int = strawberry.field(description="Grows with every change; pass it as `expectedRevision`.")

    @classmethod
    def of(cls, member: people.Member, of_teams: Mapping[UUID, Sequence[Name]] | None) -> "Member":
        """From a member as a finder gave it."""
        user, invitation = member.user, member.invitation
        return cls(
            user=User.of(user),
            state=user.state,
            roles=[UserRole(role) for role in sorted(user.roles)],
            custom_roles=[CustomRole.of(role) for role in member.custom_roles],
            view_scope=TicketScope.of(user.view_scope),
            edit_scope=TicketScope.of(user.edit_scope),
            teams=[Team.of(team, of_teams) for team in member.teams],
            invitation=MemberInvitation(invited_at=invitation.invited_at, expires_at=invitation.expires_at)
            if invitation
            else None,
            revision=user.revision,
        )


@strawberry.type(description="A member in a list, and the cursor to continue after them.")
class MemberEdge:
    """Relay's edge."""

    node: Member = strawberry.field(description="The member.")
    cursor: str = strawberry.field(description="Pass it as `after` to continue after this member.")


@strawberry.type(description="A page of members.")
class MemberConnection:
    """Relay's connection."""

    edges: list[MemberEdge] = strawberry.field(description="The members of the page with their cursors.")
    nodes: list[Member] = strawberry.field(description="The members of the page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")

    @classmethod
    def of(cls, view: MembersView, seal: Seal, *, continued: bool) -> "MemberConnection":
        """From a page of members."""
        bound = bound_to_members(view.account_id)
        edges = [
            MemberEdge(
                node=Member.of(found, view.of_teams),
                cursor=seal_name(seal, NameCursor(found.user.name, found.user.id), bound),
            )
            for found in view.page.items
        ]
        info = PageInfo(
            has_next_page=view.page.has_more,
            has_previous_page=continued,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return cls(edges=edges, nodes=[edge.node for edge in edges], page_info=info)


@strawberry.type(description="An invitation, for whoever holds its token.")
class Invitation:
    """What somebody should know before they join."""

    account_name: str = strawberry.field(description="What the account is called that they are invited to.")
    email: str = strawberry.field(description="The e-mail address that is invited.")
    name: str = strawberry.field(description="What they will be called there, unless they say otherwise.")
    expires_at: datetime = strawberry.field(description="When it ends.")

    @classmethod
    def of(cls, found: people.OpenInvitation) -> "Invitation":
        """From an open invitation."""
        return cls(**found._asdict())


@strawberry.type(description="What the law says of one permission. It is the same for all accounts.")
class PermissionRule:
    """One line of the law (spec, section C)."""

    name: str = strawberry.field(description="The permission, such as ticket:write.")
    role: UserRole | None = strawberry.field(
        description="The least built-in role that includes it; null when only the operator of the installation may."
    )
    level: PermissionLevel = strawberry.field(description="The access to a pipeline that it takes as well.")
    needed: Tier = strawberry.field(description="The least service tier of an account on which it can be used.")
    can_be_given: bool = strawberry.field(description="Whether custom roles and API apps can hold it.")

    @classmethod
    def of(cls, permission: Permission) -> "PermissionRule":
        """From the line of the law about a permission."""
        rule = rule_of(permission)
        return cls(
            name=permission.value,
            role=None if rule.role is Role.OPERATOR else UserRole(rule.role.value),
            level=rule.level,
            needed=rule.service,
            can_be_given=may_be_given(permission),
        )


def member_of(view: MembersView | None) -> Member | None:
    """The one member of a view."""
    return Member.of(view.page.items[0], view.of_teams) if view else None
