"""People: who is invited, joins and leaves, which roles and scopes they have, and their teams."""

from domain.people.accept_by_oidc import arrival, find_open_membership, join_vouched
from domain.people.accept_invitation import OpenInvitation, accept_invitation, invitee, read_invitation
from domain.people.cancel_invitation import cancel_invitation
from domain.people.create_role import create_role
from domain.people.create_team import create_team
from domain.people.deactivate_team import deactivate_team
from domain.people.deactivate_user import deactivate_user
from domain.people.delete_role import RoleInUse, delete_role
from domain.people.finders import (
    Member,
    find_custom_role,
    find_custom_roles,
    find_member,
    find_members_of_teams,
    find_own_roles,
    list_custom_roles,
    list_members,
)
from domain.people.invitation import Invitation
from domain.people.invitations import Invited
from domain.people.invite_user import Invitee, invite_user
from domain.people.reactivate_team import reactivate_team
from domain.people.reactivate_user import reactivate_user
from domain.people.rename_user import rename_user
from domain.people.renew_invitation import renew_invitation
from domain.people.role_rules import Roles
from domain.people.set_ticket_scopes import Scopes, set_ticket_scopes
from domain.people.set_user_roles import set_user_roles
from domain.people.update_role import update_role
from domain.people.update_team import update_team
from domain.people.user_locks import LastSuperAdmin

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
