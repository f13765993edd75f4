"""How people and teams come into an account."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from domain.accounts.account import DirectoryKind
from domain.accounts.directory import enlist
from domain.accounts.finders import find_users
from domain.accounts.user import Identity, Team, TeamMember, User
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Invalid, NotFound
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role


async def add_user(
    work: UnitOfWork, *, name: str, email: str, roles: frozenset[Role], password_hash: str | None = None
) -> User:
    """Make somebody a user of the account; an identity that exists keeps its password.

    Declines NOT_PERMITTED, empty names, the operator's role, and people who are users of the account already.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    if Role.OPERATOR in roles:
        raise Invalid("The operator is whoever holds the machine; no user can be given that role.", field=("roles",))
    name, address = clean_label(name, field=("name",)), email.lower()
    user = User(
        account_id=work.account_id,
        id=new_id(),
        identity_id=await identify(work, address, password_hash),
        name=name,
        email=address,
        roles=sorted(role.value for role in roles),
    )
    work.session.add(user)
    enlist(work.session, DirectoryKind.EMAIL, address, work.account_id, user.id)
    work.record(EventKind.USER_JOINED, "user", user.id, after={"name": name, "roles": user.roles})
    return user


async def identify(work: UnitOfWork, address: str, password_hash: str | None = None) -> UUID:
    """The identity with that address, made where there is none; another account may be making it at the same moment.

    A part of the verbs that make somebody a user, which have required what that takes. Declines who is one already.
    """
    made = insert(Identity).values(id=new_id(), email=address, password_hash=password_hash)
    await work.session.execute(made.on_conflict_do_nothing(index_elements=[Identity.email]))
    joined = exists().where(User.account_id == work.account_id, User.identity_id == Identity.id)
    found = await work.session.execute(select(Identity.id, joined).where(Identity.email == address))
    identity, is_user = found.one()
    if is_user:
        raise Invalid("This person is a user of the account already.", field=("email",))
    return identity


async def add_team(work: UnitOfWork, *, name: str, members: list[UUID]) -> Team:
    """Make a team of users of the account. Declines NOT_PERMITTED, empty names and members who are no users of it."""
    require(work.actor, Permission.PEOPLE_MANAGE)
    name, members = clean_label(name, field=("name",)), list(dict.fromkeys(members))
    users = await find_users(work, members)
    if any(member not in users for member in members):
        raise NotFound("user", field=("members",))
    team = Team(account_id=work.account_id, id=new_id(), name=name)
    work.session.add(team)
    await work.session.flush()
    work.session.add_all(TeamMember(account_id=work.account_id, team_id=team.id, user_id=user) for user in members)
    work.record(EventKind.TEAM_CREATED, "team", team.id, after={"name": name, "members": [str(m) for m in members]})
    return team
