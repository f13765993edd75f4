"""Setting the access mode and all grants of a pipeline (S11, S12)."""

from uuid import UUID

from domain.access.access_change import MOST_GRANTS, lock_access
from domain.access.pipeline_access import AccessMode, Grantee
from domain.access.restrictions import AccessState
from domain.authorization import require
from domain.errors import Invalid
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def set_pipeline_access(
    work: UnitOfWork,
    pipeline_id: UUID,
    mode: AccessMode,
    grants: list[Grantee],
    *,
    expected_revision: int | None = None,
) -> None:
    """Set the mode and all grants of a visible pipeline, from the next request on.

    Declines NOT_PERMITTED unless the actor is a super admin; NOT_FOUND for users and teams that are not active in the
    account, and for a pipeline that was deleted meanwhile; PLAN_TOO_LOW below PROFESSIONAL unless it only restricts or
    removes access (S11, S12, B20); CONFLICT on a stale revision. Grants are kept under any mode and take effect under
    RESTRICTED.
    """
    require(work.actor, Permission.ACCESS_REDUCE)
    _check_list(grants)
    change = await lock_access(work, pipeline_id)
    await change.to(
        AccessState(mode, grants),
        lambda grant: ("grants", str(grants.index(grant))),
        expected_revision=expected_revision,
    )


def _check_list(grants: list[Grantee]) -> None:
    if len(grants) > MOST_GRANTS:
        raise Invalid(f"A pipeline takes at most {MOST_GRANTS} grants; use teams.", field=("grants",))
    if len({(grant.user_id, grant.team_id) for grant in grants}) < len(grants):
        raise Invalid("Each user and each team can be granted once.", field=("grants",))
