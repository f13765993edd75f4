"""Deactivating a team (B19)."""

from uuid import UUID

from domain.authorization import require
from domain.events.event import EventKind
from domain.people.teams import set_team_active
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def deactivate_team(work: UnitOfWork, team_id: UUID, *, expected_revision: int | None = None) -> None:
    """Deactivate a team: it gives access to nothing and can be assigned nothing; its tickets, members and grants stay.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, and INVALID for an inactive team.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    await set_team_active(work, team_id, EventKind.TEAM_DEACTIVATED, expected_revision, active=False)
