"""Teams: listing them for everybody, and changing them."""

from uuid import UUID

from domain import accounts, people
from domain.idempotency import IdempotentRequest
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context
from resolvers.people import Change, TeamsView
from resolvers.related import Includes


async def list_teams(context: Context, includes: Includes) -> TeamsView:
    """The active teams of the account, with their members for who manages people."""
    async with context.reading() as work:
        return await _view(work, includes, await accounts.list_teams(work))


async def create_team(
    context: Context, once: IdempotentRequest, includes: Includes, *, name: str, members: list[UUID]
) -> TeamsView:
    """Make a team."""

    async def verb(work: UnitOfWork) -> UUID:
        return await people.create_team(work, name=name, members=members)

    return await _find(context, includes, await context.perform(once, verb))


async def change_team(
    context: Context, once: IdempotentRequest, includes: Includes, team_id: UUID, change: Change
) -> TeamsView:
    """Change a team by one of the verbs below."""

    async def verb(work: UnitOfWork) -> UUID:
        await change(work)
        return team_id

    return await _find(context, includes, await context.perform(once, verb))


def updating(team_id: UUID, *, name: str | None, members: list[UUID] | None, expected_revision: int | None) -> Change:
    """Rename a team, or choose its members."""
    return lambda work: people.update_team(
        work, team_id, name=name, members=members, expected_revision=expected_revision
    )


def deactivating(team_id: UUID, expected_revision: int | None) -> Change:
    """Let a team reach nothing more."""
    return lambda work: people.deactivate_team(work, team_id, expected_revision=expected_revision)


def reactivating(team_id: UUID, expected_revision: int | None) -> Change:
    """Let a team be one again."""
    return lambda work: people.reactivate_team(work, team_id, expected_revision=expected_revision)


async def _find(context: Context, includes: Includes, team_id: UUID) -> TeamsView:
    async with context.reading() as work:
        found = await accounts.find_teams(work, [team_id])
        return await _view(work, includes, list(found.values()))


async def _view(work: UnitOfWork, includes: Includes, teams: list[accounts.Team]) -> TeamsView:
    members = await people.find_members_of_teams(work, [team.id for team in teams]) if includes.members else None
    return TeamsView(teams, members)
