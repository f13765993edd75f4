"""People: who is invited, joins and leaves, which roles and scopes they have, and their teams."""

from domain.people.accepting import OpenInvitation, accept_invitation, invitee, read_invitation
from domain.people.appointing import set_user_roles
from domain.people.arriving import arrival, find_open_membership, join_vouched
from domain.people.defining_roles import RoleInUse, create_role, delete_role, update_role
from domain.people.finding import (
    Member,
    find_custom_role,
    find_custom_roles,
    find_member,
    find_members_of_teams,
    find_own_roles,
    list_custom_roles,
    list_members,
)
from domain.people.giving import Roles
from domain.people.guarding import LastSuperAdmin
from domain.people.invitation import Invitation
from domain.people.inviting import Invited, Invitee, cancel_invitation, invite_user, renew_invitation
from domain.people.leaving import deactivate_user, reactivate_user
from domain.people.renaming import rename_user
from domain.people.scoping import Scopes, set_ticket_scopes
from domain.people.teaming import create_team, deactivate_team, reactivate_team, update_team

__all__ = [
    "Invitation",
    "Invited",
    "Invitee",
    "LastSuperAdmin",
    "Member",
    "OpenInvitation",
    "RoleInUse",
    "Roles",
    "Scopes",
    "accept_invitation",
    "arrival",
    "cancel_invitation",
    "create_role",
    "create_team",
    "deactivate_team",
    "deactivate_user",
    "delete_role",
    "find_custom_role",
    "find_custom_roles",
    "find_member",
    "find_members_of_teams",
    "find_open_membership",
    "find_own_roles",
    "invite_user",
    "invitee",
    "join_vouched",
    "list_custom_roles",
    "list_members",
    "reactivate_team",
    "reactivate_user",
    "read_invitation",
    "rename_user",
    "renew_invitation",
    "set_ticket_scopes",
    "set_user_roles",
    "update_role",
    "update_team",
]
