"""Finding users and teams of the account, as owners, members and grantees.

Their names are open to everybody in the account, so that tickets can be assigned (settled choice 19).
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import SelectBase, Text, Uuid, any_, bindparam, cast, null, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from domain.accounts.account import Account
from domain.accounts.user import Team, User
from domain.database.prepared import prepared_once
from domain.errors import NotFound, Path
from domain.unit_of_work import UnitOfWork


async def find_users(work: UnitOfWork, ids: Iterable[UUID | None]) -> dict[UUID, User]:
    """Users by id; ids that are nobody's are left out."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    statement = select(User).where(User.account_id == work.account_id, User.id.in_(wanted))
    return {user.id: user for user in (await work.session.execute(statement)).scalars()}


async def find_teams(work: UnitOfWork, ids: Iterable[UUID | None]) -> dict[UUID, Team]:
    """Teams by id; ids that are no team's are left out."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    statement = select(Team).where(Team.account_id == work.account_id, Team.id.in_(wanted))
    return {team.id: team for team in (await work.session.execute(statement)).scalars()}


class Name(NamedTuple):
    """A user or team as cards show them; `email` is null for teams and placeholders."""

    id: UUID
    name: str
    email: str | None
    active: bool
    revision: int


# What names are asked as.
USER_NAME = (User.id, User.name, User.email, User.active, User.revision)
TEAM_NAME = (Team.id, Team.name, cast(null(), Text), Team.active, Team.revision)


@prepared_once
def _names() -> SelectBase:
    users = select(*USER_NAME).where(
        User.account_id == bindparam("account"), User.id == any_(bindparam("users", type_=ARRAY(Uuid())))
    )
    teams = select(*TEAM_NAME).where(
        Team.account_id == bindparam("account"), Team.id == any_(bindparam("teams", type_=ARRAY(Uuid())))
    )
    return union_all(users, teams)


async def find_names(work: UnitOfWork, users: Iterable[UUID | None], teams: Iterable[UUID | None]) -> dict[UUID, Name]:
    """Names of users and teams by id, whether active or not; one statement, or none where nobody is asked for."""
    wanted = [each for each in set(users) if each is not None], [each for each in set(teams) if each is not None]
    if not any(wanted):
        return {}
    rows = await _names().rows(work.session, account=work.account_id, users=wanted[0], teams=wanted[1])
    return {row[0]: Name._make(row) for row in rows}


async def find_user(work: UnitOfWork, id: UUID, *, field: Path = ("userId",)) -> User:
    """One active user of the account, or NotFound."""
    user = (await find_users(work, [id])).get(id)
    if user is None or not user.active:
        raise NotFound("user", field=field)
    return user


async def find_team(work: UnitOfWork, id: UUID, *, field: Path = ("teamId",)) -> Team:
    """One active team of the account, or NotFound."""
    team = (await find_teams(work, [id])).get(id)
    if team is None or not team.active:
        raise NotFound("team", field=field)
    return team


async def list_users(work: UnitOfWork) -> list[User]:
    """The active users of the account by name: those to whom a ticket can be given."""
    statement = select(User).where(User.account_id == work.account_id, User.active).order_by(User.name, User.id)
    return list((await work.session.execute(statement.limit(1000))).scalars())


async def list_teams(work: UnitOfWork) -> list[Team]:
    """The active teams of the account by name."""
    statement = select(Team).where(Team.account_id == work.account_id, Team.active).order_by(Team.name, Team.id)
    return list((await work.session.execute(statement.limit(1000))).scalars())


async def find_account(work: UnitOfWork) -> Account:
    """The account of the unit."""
    statement = select(Account).where(Account.id == work.account_id)
    return (await work.session.execute(statement)).scalar_one()


async def lock_account(work: UnitOfWork) -> Account:
    """The account of the unit, held against every other change of the same kind until the unit ends."""
    statement = select(Account).where(Account.id == work.account_id).with_for_update(key_share=True)
    return (await work.session.execute(statement.execution_options(populate_existing=True))).scalar_one()
