"""Deciding who may view and edit a pipeline: its mode and its grants (S11, S12).

Each of them says what the access is to be as a whole, while it is held; `changing` makes it so.
"""

from uuid import UUID

from domain.access.access_change import MOST_GRANTS, hold_access
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
    """Set the mode and all the grants of a visible pipeline; it holds from the next request on.

    Declines NOT_PERMITTED but for super admins, NOT_FOUND for users and teams that are not or no longer of the account
    and for a pipeline that went meanwhile, PLAN_TOO_LOW below PROFESSIONAL unless it narrows or lifts what stands (S11,
    S12, B20), and CONFLICT on a stale revision. Grants are kept under any mode and count under RESTRICTED.
    """
    require(work.actor, Permission.ACCESS_REDUCE)
    _check_list(grants)
    change = await hold_access(work, pipeline_id)
    await change.to(
        AccessState(mode, grants),
        lambda grant: ("grants", str(grants.index(grant))),
        expected_revision=expected_revision,
    )


async def grant_pipeline_access(
    work: UnitOfWork, pipeline_id: UUID, grant: Grantee, *, expected_revision: int | None = None
) -> None:
    """Give one user or team a level on a visible pipeline, in place of what they were granted there before.

    Declines what setting the access declines (S11, S12, B20, B22). The grants of others stay, and by whom they were
    given.
    """
    require(work.actor, Permission.ACCESS_REDUCE)
    change = await hold_access(work, pipeline_id)
    mode, standing = change.before
    others = [each for each in standing if not each.is_for(grant)]
    kept = standing if grant in standing else [*others, grant]
    await change.to(AccessState(mode, kept), lambda _: (), expected_revision=expected_revision)


async def revoke_pipeline_access(
    work: UnitOfWork,
    pipeline_id: UUID,
    *,
    user_id: UUID | None = None,
    team_id: UUID | None = None,
    expected_revision: int | None = None,
) -> None:
    """Take away what one user or team was granted on a visible pipeline, on any plan (S11, B20).

    Declines NOT_PERMITTED but for super admins, NOT_FOUND for a pipeline that went meanwhile, and CONFLICT on a stale
    revision. Where there is no such grant, it is done already.
    """
    require(work.actor, Permission.ACCESS_REDUCE)
    change = await hold_access(work, pipeline_id)
    mode, standing = change.before
    kept = [each for each in standing if (each.user_id, each.team_id) != (user_id, team_id)]
    await change.to(AccessState(mode, kept), lambda _: (), expected_revision=expected_revision)


def _check_list(grants: list[Grantee]) -> None:
    if len(grants) > MOST_GRANTS:
        raise Invalid(f"A pipeline takes at most {MOST_GRANTS} grants; use teams.", field=("grants",))
    if len({(grant.user_id, grant.team_id) for grant in grants}) < len(grants):
        raise Invalid("Each user and each team can be granted once.", field=("grants",))
