"""Reactivating a team."""

from uuid import UUID

from domain.authorization import require
from domain.events.event import EventKind
from domain.people.teams import set_team_active
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def reactivate_team(work: UnitOfWork, team_id: UUID, *, expected_revision: int | None = None) -> None:
    """Reactivate a team, with the members and grants that it has; also one that an import created.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, and INVALID for an active team.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    await set_team_active(work, team_id, EventKind.TEAM_REACTIVATED, expected_revision, active=True)
