"""Creating a team of users (S11)."""

from uuid import UUID

from domain import accounts
from domain.authorization import require
from domain.people.teams import check_team_size
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def create_team(work: UnitOfWork, *, name: str, members: list[UUID]) -> UUID:
    """Create a team of users of the account.

    Declines NOT_PERMITTED, INVALID for an invalid name and for over 500 members, and NOT_FOUND for members who are not
    users of the account.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    check_team_size(members)
    return (await accounts.add_team(work, name=name, members=members)).id
