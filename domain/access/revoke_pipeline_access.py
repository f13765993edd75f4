"""Revoking the grant of one user or team on a pipeline (S11, B20)."""

from uuid import UUID

from domain.access.access_change import lock_access
from domain.access.restrictions import AccessState
from domain.authorization import require
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def revoke_pipeline_access(
    work: UnitOfWork,
    pipeline_id: UUID,
    *,
    user_id: UUID | None = None,
    team_id: UUID | None = None,
    expected_revision: int | None = None,
) -> None:
    """Revoke the grant of one user or team on a visible pipeline, on any plan (S11, B20).

    Declines NOT_PERMITTED unless the actor is a super admin, NOT_FOUND for a pipeline that was deleted meanwhile, and
    CONFLICT on a stale revision. Succeeds if there is no such grant.
    """
    require(work.actor, Permission.ACCESS_REDUCE)
    change = await lock_access(work, pipeline_id)
    mode, present = change.before
    kept = [each for each in present if (each.user_id, each.team_id) != (user_id, team_id)]
    await change.to(AccessState(mode, kept), lambda _: (), expected_revision=expected_revision)
