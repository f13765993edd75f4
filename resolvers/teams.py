"""Teams: listing them, and their mutations."""

from uuid import UUID

from domain import accounts, people
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context
from resolvers.mutation import mutation
from resolvers.people import TeamsView
from resolvers.related import Includes


async def list_teams(context: Context, includes: Includes) -> TeamsView:
    """The active teams of the account, with their members for people managers."""
    async with context.reading() as work:
        return await _view(work, includes, await accounts.list_teams(work))


async def find_team(context: Context, team_id: UUID, includes: Includes) -> TeamsView:
    """One team by id."""
    async with context.reading() as work:
        found = await accounts.find_teams(work, [team_id])
        return await _view(work, includes, list(found.values()))


@mutation(reread=find_team)
async def create_team(work: UnitOfWork, *, name: str, members: list[UUID]) -> UUID:
    """Create a team."""
    return await people.create_team(work, name=name, members=members)


@mutation(reread=find_team)
async def update_team(
    work: UnitOfWork, *, team_id: UUID, name: str | None, members: list[UUID] | None, expected_revision: int | None
) -> UUID:
    """Change the name or the members of a team."""
    await people.update_team(work, team_id, name=name, members=members, expected_revision=expected_revision)
    return team_id


@mutation(reread=find_team)
async def deactivate_team(work: UnitOfWork, *, team_id: UUID, expected_revision: int | None) -> UUID:
    """Deactivate a team."""
    await people.deactivate_team(work, team_id, expected_revision=expected_revision)
    return team_id


@mutation(reread=find_team)
async def reactivate_team(work: UnitOfWork, *, team_id: UUID, expected_revision: int | None) -> UUID:
    """Reactivate a team."""
    await people.reactivate_team(work, team_id, expected_revision=expected_revision)
    return team_id


async def _view(work: UnitOfWork, includes: Includes, teams: list[accounts.Team]) -> TeamsView:
    members = await people.find_members_of_teams(work, [team.id for team in teams]) if includes.members else None
    return TeamsView(teams, members)
