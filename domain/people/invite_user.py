"""Inviting a person: they become a user who cannot sign in before accepting with a token.

The inviter passes the token on. It is returned once and stored as its SHA-256. It ends when it is used, renewed or
cancelled, or after 14 days.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from domain import accounts
from domain.accounts import DirectoryKind, Identity, TeamMember, User, UserState
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Invalid, NotFound
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.people.invitations import Invited, has_joined, issue_invitation
from domain.people.role_rules import Roles, assign_roles, check_assignment, roles_payload
from domain.people.set_ticket_scopes import Scopes, apply_scopes, check_scopes, told_scopes
from domain.unit_of_work import UnitOfWork
from policies import Permission

MOST_TEAMS_OF_A_USER = 100
_LONGEST_ADDRESS = 254  # characters (RFC 5321)
_NOBODY = Roles(frozenset())


class Invitee(NamedTuple):
    """The person to invite, and their roles, scopes and teams."""

    email: str
    name: str
    roles: Roles
    scopes: Scopes = Scopes()
    teams: Sequence[UUID] = ()


async def invite_user(work: UnitOfWork, invitee: Invitee) -> Invited:
    """Invite a person as a user of the account; an identity that exists in other accounts keeps its password.

    Declines NOT_PERMITTED, also for roles whose permissions the actor does not have; PLAN_TOO_LOW for custom roles
    below ENTERPRISE; NOT_FOUND for custom roles and teams; INVALID for present users and for invalid values.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    name, address = clean_label(invitee.name, field=("name",)), clean_address(invitee.email)
    scopes = check_scopes(invitee.scopes)
    await accounts.lock_account(work)
    await _refuse_present_user(work, address)
    await check_assignment(work, invitee.roles, held=_NOBODY)
    teams = await _check_teams(work, invitee.teams)
    identity = await accounts.identify(work, address)
    user = User(
        account_id=work.account_id,
        id=new_id(),
        identity_id=identity,
        name=name,
        email=address,
        active=False,
        revision=1,
    )
    apply_scopes(user, scopes)
    user.roles = sorted(invitee.roles.built_in)
    work.session.add(user)
    await work.session.flush()
    await assign_roles(work, user, invitee.roles, held=_NOBODY)
    work.session.add_all(TeamMember(account_id=work.account_id, team_id=team, user_id=user.id) for team in teams)
    accounts.enlist(work.session, DirectoryKind.EMAIL, address, work.account_id, user.id)
    invited = await issue_invitation(work, user.id)
    after = {"name": name, "email": address, "teams": [str(team) for team in teams]}
    after |= roles_payload(invitee.roles) | told_scopes(scopes) | {"expiresAt": invited.expires_at.isoformat()}
    work.record(EventKind.USER_INVITED, "user", user.id, after=after)
    return invited


def clean_address(email: str) -> str:
    """The e-mail address in lower case, without surrounding space. Declines INVALID."""
    address = email.strip().lower()
    name, _, domain = address.rpartition("@")
    printable = address.isprintable() and " " not in address and "@" not in name
    if not name or "." not in domain.strip(".") or not printable or len(address) > _LONGEST_ADDRESS:
        raise Invalid("Give an e-mail address, such as kim@example.com.", field=("email",))
    return address


async def _refuse_present_user(work: UnitOfWork, address: str) -> None:
    """Decline INVALID for a present user of the account, with what to do instead."""
    statement = select(User).join(Identity, Identity.id == User.identity_id)
    known = statement.where(User.account_id == work.account_id, Identity.email == address)
    user = (await work.session.execute(known)).scalar_one_or_none()
    if user is None:
        return
    if user.state is UserState.ACTIVE:
        message = "This person is a user of the account already."
    elif not await has_joined(work, user.id):
        message = "This person was invited already: renew the invitation instead."
    else:
        message = "This person left the account: reactivate the user instead."
    raise Invalid(message, field=("email",))


async def _check_teams(work: UnitOfWork, ids: Sequence[UUID]) -> list[UUID]:
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_TEAMS_OF_A_USER:
        raise Invalid(f"A user can join at most {MOST_TEAMS_OF_A_USER} teams.", field=("teamIds",))
    found = await accounts.find_teams(work, wanted)
    if any(each not in found or not found[each].active for each in wanted):
        raise NotFound("team", field=("teamIds",))
    return wanted
