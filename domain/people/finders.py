"""Finding the members of an account and its custom roles: for who manages people, and for nobody else.

Names of users and teams, which everybody sees, are found in domain/accounts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_

from domain.accounts import CustomRole, CustomRoleHolder, Name, Team, TeamMember, User, UserState
from domain.errors import NotFound
from domain.page import NameCursor, Page, check_size, cut
from domain.people.invitation import Invitation
from domain.unit_of_work import UnitOfWork
from policies import Permission

_STATES: Mapping[UserState, ColumnElement[bool]] = {
    UserState.ACTIVE: User.active.is_(True),
    UserState.INVITED: and_(~User.active, User.deactivated_at.is_(None), User.identity_id.is_not(None)),
    UserState.INACTIVE: and_(~User.active, or_(User.deactivated_at.is_not(None), User.identity_id.is_(None))),
}


class Member(NamedTuple):
    """A user with their roles, teams and open invitation, for people managers."""

    user: User
    custom_roles: Sequence[CustomRole] = ()
    teams: Sequence[Team] = ()
    invitation: Invitation | None = None


def manages_people(work: UnitOfWork) -> bool:
    """Whether the actor sees what members are, beyond their names."""
    return Permission.PEOPLE_MANAGE in work.actor.permissions


async def list_members(
    work: UnitOfWork, states: Collection[UserState], first: int, after: NameCursor | None
) -> Page[Member]:
    """A page of the users in these states by name, placeholders among the inactive. NotFound for who does not manage
    people.
    """
    check_size(first)
    if not manages_people(work):
        raise NotFound("member")
    statement = select(User).where(
        User.account_id == work.account_id, or_(false(), *(_STATES[each] for each in states))
    )
    if after is not None:
        statement = statement.where(tuple_(User.name, User.id) > tuple_(after.name, after.id))
    statement = statement.order_by(User.name, User.id).limit(first + 1)
    users = cut(list((await work.session.execute(statement)).scalars()), first)
    return Page(await _surround(work, users.items), users.has_more)


async def find_member(work: UnitOfWork, user_id: UUID) -> Member:
    """One user in any state, or NotFound; nobody is found by who does not manage people."""
    if not manages_people(work):
        raise NotFound("user", field=("userId",))
    statement = select(User).where(User.account_id == work.account_id, User.id == user_id)
    user = (await work.session.execute(statement)).scalar_one_or_none()
    if user is None:
        raise NotFound("user", field=("userId",))
    return (await _surround(work, [user]))[0]


async def list_custom_roles(work: UnitOfWork) -> list[CustomRole]:
    """The account's custom roles by name. NotFound for who does not manage people."""
    if not manages_people(work):
        raise NotFound("custom role")
    statement = select(CustomRole).where(CustomRole.account_id == work.account_id)
    return list((await work.session.execute(statement.order_by(CustomRole.name))).scalars())


async def find_custom_roles(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, CustomRole]:
    """Custom roles by id; none for who does not manage people."""
    wanted = set(ids)
    if not wanted or not manages_people(work):
        return {}
    statement = select(CustomRole).where(CustomRole.account_id == work.account_id, CustomRole.id.in_(wanted))
    return {role.id: role for role in (await work.session.execute(statement)).scalars()}


async def find_custom_role(work: UnitOfWork, id: UUID) -> CustomRole:
    """One custom role, or NotFound."""
    role = (await find_custom_roles(work, [id])).get(id)
    if role is None:
        raise NotFound("custom role", field=("roleId",))
    return role


async def find_own_roles(work: UnitOfWork) -> list[CustomRole]:
    """The custom roles that the actor holds, by name."""
    user_id = work.actor.user_id
    return [role for role, _ in await _held(work, [user_id])] if user_id is not None else []


async def find_members_of_teams(work: UnitOfWork, teams: Iterable[UUID]) -> dict[UUID, list[Name]] | None:
    """The members of each team by name, whether active or not; None for who does not manage people."""
    if not manages_people(work):
        return None
    wanted = set(teams)
    members: dict[UUID, list[Name]] = {team: [] for team in wanted}
    if wanted:
        statement = (
            select(TeamMember.team_id, User.id, User.name, User.email, User.active, User.revision)
            .join(User, and_(User.account_id == TeamMember.account_id, User.id == TeamMember.user_id))
            .where(TeamMember.account_id == work.account_id, TeamMember.team_id.in_(wanted))
            .order_by(User.name, User.id)
        )
        for team, *name in await work.session.execute(statement):
            members[team].append(Name._make(name))
    return members


async def _surround(work: UnitOfWork, users: Sequence[User]) -> list[Member]:
    ids = [user.id for user in users]
    if not ids:
        return []
    roles: dict[UUID, list[CustomRole]] = {}
    for role, holder in await _held(work, ids):
        roles.setdefault(holder, []).append(role)
    teams, invitations = await _teams(work, ids), await _invitations(work, ids)
    return [Member(user, roles.get(user.id, ()), teams.get(user.id, ()), invitations.get(user.id)) for user in users]


async def _held(work: UnitOfWork, users: Sequence[UUID]) -> list[tuple[CustomRole, UUID]]:
    holding = and_(
        CustomRoleHolder.account_id == CustomRole.account_id,
        CustomRoleHolder.role_id == CustomRole.id,
        CustomRoleHolder.user_id.in_(users),
    )
    statement = select(CustomRole, CustomRoleHolder.user_id).join(CustomRoleHolder, holding)
    found = statement.where(CustomRole.account_id == work.account_id).order_by(CustomRole.name)
    return [(role, holder) for role, holder in await work.session.execute(found)]


async def _teams(work: UnitOfWork, users: Sequence[UUID]) -> dict[UUID, list[Team]]:
    statement = (
        select(Team, TeamMember.user_id)
        .join(TeamMember, and_(TeamMember.account_id == Team.account_id, TeamMember.team_id == Team.id))
        .where(Team.account_id == work.account_id, TeamMember.user_id.in_(users))
        .order_by(Team.name, Team.id)
    )
    teams: dict[UUID, list[Team]] = {}
    for team, member in await work.session.execute(statement):
        teams.setdefault(member, []).append(team)
    return teams


async def _invitations(work: UnitOfWork, users: Sequence[UUID]) -> dict[UUID, Invitation]:
    statement = select(Invitation).where(
        Invitation.account_id == work.account_id,
        Invitation.user_id.in_(users),
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
    )
    return {found.user_id: found for found in (await work.session.execute(statement)).scalars()}
