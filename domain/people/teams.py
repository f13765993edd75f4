"""Teams: what their operations have in common."""

from uuid import UUID

from sqlalchemy import select

from domain.accounts import Team
from domain.errors import Invalid, NotFound, expect_revision
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork

MOST_MEMBERS = 500


async def set_team_active(
    work: UnitOfWork, team_id: UUID, kind: EventKind, expected_revision: int | None, *, active: bool
) -> None:
    """Activate or deactivate a team. Declines NOT_FOUND, CONFLICT, and INVALID where it is so already."""
    team = await lock_team(work, team_id, expected_revision)
    if team.active is active:
        raise Invalid(f"The team is {'active' if active else 'inactive'} already.", field=("teamId",))
    team.active = active
    team.revision += 1
    work.record(kind, "team", team.id, before={"active": not active}, after={"active": active})


async def lock_team(work: UnitOfWork, team_id: UUID, expected_revision: int | None) -> Team:
    """Lock a team and read it again. Declines NOT_FOUND, and CONFLICT on a stale revision."""
    statement = select(Team).where(Team.account_id == work.account_id, Team.id == team_id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    team = (await work.session.execute(locked)).scalar_one_or_none()
    if team is None:
        raise NotFound("team", field=("teamId",))
    expect_revision(team.revision, expected_revision)
    return team


def check_team_size(members: list[UUID]) -> None:
    """Decline INVALID for more members than a team can have."""
    if len(set(members)) > MOST_MEMBERS:
        raise Invalid(f"A team has at most {MOST_MEMBERS} members.", field=("members",))
