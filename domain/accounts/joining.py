"""How people and teams come into an account."""

from uuid import UUID

from sqlalchemy import select

from domain.accounts.account import DirectoryKind
from domain.accounts.directory import enlist
from domain.accounts.user import Identity, Team, TeamMember, User
from domain.authorizing import require
from domain.event import EventKind
from domain.model import new_id
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role


async def add_user(
    work: UnitOfWork, *, name: str, email: str, roles: frozenset[Role], password_hash: str | None = None
) -> User:
    """Make somebody a user of the account; an identity that exists keeps its password. Declines NOT_PERMITTED."""
    require(work.actor, Permission.PEOPLE_MANAGE)
    address = email.lower()
    identity = (await work.session.execute(select(Identity).where(Identity.email == address))).scalar_one_or_none()
    if identity is None:
        identity = Identity(id=new_id(), email=address, password_hash=password_hash)
        work.session.add(identity)
    user = User(
        account_id=work.account_id,
        id=new_id(),
        identity_id=identity.id,
        name=name,
        email=address,
        roles=sorted(role.value for role in roles),
    )
    work.session.add(user)
    enlist(work.session, DirectoryKind.EMAIL, address, work.account_id, user.id)
    work.record(EventKind.USER_JOINED, "user", user.id, after={"name": name, "roles": user.roles})
    return user


async def add_team(work: UnitOfWork, *, name: str, members: list[UUID]) -> Team:
    """Make a team of users of the account. Declines NOT_PERMITTED."""
    require(work.actor, Permission.PEOPLE_MANAGE)
    team = Team(account_id=work.account_id, id=new_id(), name=name)
    work.session.add(team)
    await work.session.flush()
    work.session.add_all(TeamMember(account_id=work.account_id, team_id=team.id, user_id=user) for user in members)
    work.record(EventKind.TEAM_MADE, "team", team.id, after={"name": name, "members": [str(m) for m in members]})
    return team
