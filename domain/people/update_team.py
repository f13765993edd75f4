"""Updating a team, a group of users that can own tickets and be granted pipelines (S11)."""

from uuid import UUID

from sqlalchemy import delete, select

from domain import accounts
from domain.accounts import Team, TeamMember
from domain.authorization import require
from domain.errors import NotFound
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.people.teams import check_team_size, lock_team
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def update_team(
    work: UnitOfWork,
    team_id: UUID,
    *,
    name: str | None = None,
    members: list[UUID] | None = None,
    expected_revision: int | None = None,
) -> None:
    """Rename a team, or replace its members; None leaves either as it is. What members may see and do through the team
    changes from their next request on (B19).

    Declines what creating one declines, NOT_FOUND and CONFLICT.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    team = await lock_team(work, team_id, expected_revision)
    held = await _members(work, team)
    wanted = held if members is None else await _check(work, members)
    before = {"name": team.name, "members": sorted(map(str, held))}
    team.name = team.name if name is None else clean_label(name, field=("name",))
    after = {"name": team.name, "members": sorted(map(str, wanted))}
    if after == before:
        return
    await _replace(work, team, held, wanted)
    team.revision += 1
    work.record(EventKind.TEAM_UPDATED, "team", team.id, before=before, after=after)


async def _members(work: UnitOfWork, team: Team) -> set[UUID]:
    statement = select(TeamMember.user_id).where(
        TeamMember.account_id == work.account_id, TeamMember.team_id == team.id
    )
    return set((await work.session.execute(statement)).scalars())


async def _check(work: UnitOfWork, members: list[UUID]) -> set[UUID]:
    check_team_size(members)
    found = await accounts.find_users(work, members)
    if any(member not in found for member in members):
        raise NotFound("user", field=("members",))
    return set(found)


async def _replace(work: UnitOfWork, team: Team, held: set[UUID], wanted: set[UUID]) -> None:
    if held - wanted:
        gone = delete(TeamMember).where(
            TeamMember.account_id == work.account_id,
            TeamMember.team_id == team.id,
            TeamMember.user_id.in_(held - wanted),
        )
        await work.session.execute(gone.execution_options(synchronize_session=False))
    work.session.add_all(
        TeamMember(account_id=work.account_id, team_id=team.id, user_id=user) for user in sorted(wanted - held)
    )
