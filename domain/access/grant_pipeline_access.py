"""Granting one user or team a level on a pipeline (S11, B22)."""

from uuid import UUID

from domain.access.access_change import lock_access
from domain.access.pipeline_access import Grantee
from domain.access.restrictions import AccessState
from domain.authorization import require
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def grant_pipeline_access(
    work: UnitOfWork, pipeline_id: UUID, grant: Grantee, *, expected_revision: int | None = None
) -> None:
    """Grant one user or team a level on a visible pipeline, in place of their present grant.

    Declines what setting the access declines (S11, S12, B20, B22). Other grants stay, with their author.
    """
    require(work.actor, Permission.ACCESS_REDUCE)
    change = await lock_access(work, pipeline_id)
    mode, present = change.before
    others = [each for each in present if not each.is_for(grant)]
    kept = present if grant in present else [*others, grant]
    await change.to(AccessState(mode, kept), lambda _: (), expected_revision=expected_revision)
