"""Inviting: somebody is made a user who cannot sign in yet, and gets a token by which alone they can join.

Who invites passes the token on; it is shown once and kept as its SHA-256. It ends by being used, renewed or cancelled,
or after 14 days.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select, update

from domain import accounts
from domain.accounts import BearerKind, DirectoryKind, Identity, TeamMember, User, UserState
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Invalid, NotFound
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.people.invitation import Invitation
from domain.people.role_rules import Roles, check_giving, give, held_roles, told
from domain.people.set_ticket_scopes import Scopes, apply_scopes, check_scopes, told_scopes
from domain.people.user_locks import lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission

LIFETIME = timedelta(days=14)
MOST_TEAMS_OF_A_USER = 100
_LONGEST_ADDRESS = 254  # characters (RFC 5321)
_NOBODY = Roles(frozenset())


class Invitee(NamedTuple):
    """Who is to be invited, and what they will be once they joined."""

    email: str
    name: str
    roles: Roles
    scopes: Scopes = Scopes()
    teams: Sequence[UUID] = ()


class Invited(NamedTuple):
    """A fresh invitation: whose it is, the token to pass on, shown this once, and when it ends."""

    user_id: UUID
    token: str
    expires_at: datetime


async def invite_user(work: UnitOfWork, invitee: Invitee) -> Invited:
    """Make somebody a user who joins by accepting; an identity that exists in other accounts keeps its password.

    Declines NOT_PERMITTED, also for roles that the actor does not hold, PLAN_TOO_LOW for custom roles below ENTERPRISE,
    NOT_FOUND for custom roles and teams, and INVALID for who is a user already and for what cannot be.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    name, address = clean_label(invitee.name, field=("name",)), clean_address(invitee.email)
    scopes = check_scopes(invitee.scopes)
    await accounts.lock_account(work)
    await _decline_known(work, address)
    await check_giving(work, invitee.roles, held=_NOBODY)
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
    await give(work, user, invitee.roles, held=_NOBODY)
    work.session.add_all(TeamMember(account_id=work.account_id, team_id=team, user_id=user.id) for team in teams)
    accounts.enlist(work.session, DirectoryKind.EMAIL, address, work.account_id, user.id)
    invited = await _issue(work, user.id)
    after = {"name": name, "email": address, "teams": [str(team) for team in teams]}
    after |= told(invitee.roles) | told_scopes(scopes) | {"expiresAt": invited.expires_at.isoformat()}
    work.record(EventKind.USER_INVITED, "user", user.id, after=after)
    return invited


async def renew_invitation(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> Invited:
    """Invite somebody again who has not joined, also after their invitation was cancelled; the old token ends.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID for who has joined, and PLAN_TOO_LOW for who was to hold a
    custom role, below ENTERPRISE (B20).
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    if user.identity_id is None or await has_joined(work, user.id):
        raise Invalid("Only who was invited and has not joined can be invited again.", field=("userId",))
    if (await held_roles(work, user)).custom:
        require(work.actor, Permission.ROLE_DEFINE)
    before = {"state": user.state.value}
    await _end(work, user.id)
    user.deactivated_at = None
    user.revision += 1
    invited = await _issue(work, user.id)
    after = {"state": user.state.value, "expiresAt": invited.expires_at.isoformat()}
    work.record(EventKind.INVITATION_RENEWED, "user", user.id, before=before, after=after)
    return invited


async def cancel_invitation(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> None:
    """Take an invitation back: its token ends, and the user is inactive.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, and INVALID for who is not invited.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    if user.state is not UserState.INVITED:
        raise Invalid("This user has no open invitation.", field=("userId",))
    await _end(work, user.id)
    user.deactivated_at = await work.clock()
    user.revision += 1
    before, after = {"state": UserState.INVITED.value}, {"state": UserState.INACTIVE.value}
    work.record(EventKind.INVITATION_CANCELLED, "user", user.id, before=before, after=after)


async def has_joined(work: UnitOfWork, user_id: UUID) -> bool:
    """Whether a user ever could sign in: they accepted an invitation, or came in without one."""
    theirs = (Invitation.account_id == work.account_id) & (Invitation.user_id == user_id)
    accepted = exists().where(theirs, Invitation.accepted_at.is_not(None))
    return (await work.session.execute(select(accepted | ~exists().where(theirs)))).scalar_one()


def clean_address(email: str) -> str:
    """The e-mail address in lower case, without surrounding space. Declines INVALID for what cannot be one."""
    address = email.strip().lower()
    name, _, domain = address.rpartition("@")
    printable = address.isprintable() and " " not in address and "@" not in name
    if not name or "." not in domain.strip(".") or not printable or len(address) > _LONGEST_ADDRESS:
        raise Invalid("Give an e-mail address, such as kim@example.com.", field=("email",))
    return address


async def _decline_known(work: UnitOfWork, address: str) -> None:
    """Decline INVALID for who is a user of the account, with what to do instead."""
    statement = select(User).join(Identity, Identity.id == User.identity_id)
    known = statement.where(User.account_id == work.account_id, Identity.email == address)
    user = (await work.session.execute(known)).scalar_one_or_none()
    if user is None:
        return
    if user.state is UserState.ACTIVE:
        said = "This person is a user of the account already."
    elif not await has_joined(work, user.id):
        said = "This person was invited already: renew the invitation instead."
    else:
        said = "This person left the account: reactivate the user instead."
    raise Invalid(said, field=("email",))


async def _check_teams(work: UnitOfWork, ids: Sequence[UUID]) -> list[UUID]:
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_TEAMS_OF_A_USER:
        raise Invalid(f"A user is put into at most {MOST_TEAMS_OF_A_USER} teams.", field=("teamIds",))
    found = await accounts.find_teams(work, wanted)
    if any(each not in found or not found[each].active for each in wanted):
        raise NotFound("team", field=("teamIds",))
    return wanted


async def _end(work: UnitOfWork, user_id: UUID) -> None:
    """End the open invitation of a user, if there is one."""
    opened = update(Invitation).where(
        Invitation.account_id == work.account_id,
        Invitation.user_id == user_id,
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
    )
    ended = opened.values(cancelled_at=await work.clock(), cancelled_by=work.actor.user_id)
    await work.session.execute(ended.execution_options(synchronize_session=False))


async def _issue(work: UnitOfWork, user_id: UUID) -> Invited:
    token, secret_hash = accounts.make_token(work.account_id, BearerKind.INVITATION)
    now = await work.clock()
    work.session.add(
        Invitation(
            account_id=work.account_id,
            id=new_id(),
            user_id=user_id,
            secret_hash=secret_hash,
            invited_by=work.actor.user_id,
            invited_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return Invited(user_id, token, now + LIFETIME)
