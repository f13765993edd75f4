"""Teaming: groups of users, who can be given tickets and pipelines together (S11)."""

from uuid import UUID

from sqlalchemy import delete, select

from domain import accounts
from domain.accounts import Team, TeamMember
from domain.authorization import require
from domain.errors import Invalid, NotFound, expect_revision
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.unit_of_work import UnitOfWork
from policies import Permission

MOST_MEMBERS = 500


async def create_team(work: UnitOfWork, *, name: str, members: list[UUID]) -> UUID:
    """Make a team of users of the account.

    Declines NOT_PERMITTED, INVALID for a name that cannot be one and for over 500 members, and NOT_FOUND for members
    who are no users of the account.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    _check_size(members)
    return (await accounts.add_team(work, name=name, members=members)).id


async def update_team(
    work: UnitOfWork,
    team_id: UUID,
    *,
    name: str | None = None,
    members: list[UUID] | None = None,
    expected_revision: int | None = None,
) -> None:
    """Rename a team, or put these members in place of those that it had; None leaves either as it is. What members
    reach through the team holds from their next request on (B19).

    Declines as creating one does, and CONFLICT.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    team = await _lock(work, team_id, expected_revision)
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


async def deactivate_team(work: UnitOfWork, team_id: UUID, *, expected_revision: int | None = None) -> None:
    """Let a team reach nothing and be given nothing more; its tickets, members and grants stay as they are.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, and INVALID for an inactive one.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    await _set_active(work, team_id, EventKind.TEAM_DEACTIVATED, expected_revision, active=False)


async def reactivate_team(work: UnitOfWork, team_id: UUID, *, expected_revision: int | None = None) -> None:
    """Let a team be one again, with the members and grants that it has; so may one that stood in for an import's.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, and INVALID for an active one.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    await _set_active(work, team_id, EventKind.TEAM_REACTIVATED, expected_revision, active=True)


async def _set_active(
    work: UnitOfWork, team_id: UUID, kind: EventKind, expected_revision: int | None, *, active: bool
) -> None:
    team = await _lock(work, team_id, expected_revision)
    if team.active is active:
        raise Invalid(f"The team is {'active' if active else 'inactive'} already.", field=("teamId",))
    team.active = active
    team.revision += 1
    work.record(kind, "team", team.id, before={"active": not active}, after={"active": active})


async def _lock(work: UnitOfWork, team_id: UUID, expected_revision: int | None) -> Team:
    statement = select(Team).where(Team.account_id == work.account_id, Team.id == team_id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    team = (await work.session.execute(locked)).scalar_one_or_none()
    if team is None:
        raise NotFound("team", field=("teamId",))
    expect_revision(team.revision, expected_revision)
    return team


async def _members(work: UnitOfWork, team: Team) -> set[UUID]:
    statement = select(TeamMember.user_id).where(
        TeamMember.account_id == work.account_id, TeamMember.team_id == team.id
    )
    return set((await work.session.execute(statement)).scalars())


async def _check(work: UnitOfWork, members: list[UUID]) -> set[UUID]:
    _check_size(members)
    found = await accounts.find_users(work, members)
    if any(member not in found for member in members):
        raise NotFound("user", field=("members",))
    return set(found)


def _check_size(members: list[UUID]) -> None:
    if len(set(members)) > MOST_MEMBERS:
        raise Invalid(f"A team has at most {MOST_MEMBERS} members.", field=("members",))


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
