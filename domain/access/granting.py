"""Deciding who may view and edit a pipeline: its mode and its grants (S11, S12)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select

from domain.access.pipeline_access import AccessMode, PipelineAccess, PipelineGrant
from domain.accounts import find_teams, find_users
from domain.authorizing import require
from domain.errors import Invalid, NotFound, expect_revision
from domain.event import EventKind
from domain.model import Json, new_id
from domain.unit_of_work import UnitOfWork
from policies import Level, Permission

MOST_GRANTS = 500


class Grantee(NamedTuple):
    """Who is to have which level: exactly one of a user and a team, perhaps until a time (B22)."""

    level: Level
    user_id: UUID | None = None
    team_id: UUID | None = None
    until: datetime | None = None


def open_to_everyone(work: UnitOfWork, pipeline_id: UUID) -> None:
    """Give a new pipeline its access row: mode EVERYONE, made by the actor (spec, section C)."""
    work.session.add(
        PipelineAccess(
            account_id=work.account_id,
            pipeline_id=pipeline_id,
            mode=AccessMode.EVERYONE.value,
            creator_id=work.actor.user_id,
        )
    )


async def find_access(work: UnitOfWork, pipeline_ids: list[UUID]) -> dict[UUID, PipelineAccess]:
    """The access rows of pipelines that a finder has shown already."""
    statement = select(PipelineAccess).where(
        PipelineAccess.account_id == work.account_id, PipelineAccess.pipeline_id.in_(pipeline_ids)
    )
    return {row.pipeline_id: row for row in (await work.session.execute(statement)).scalars()}


async def find_grants(work: UnitOfWork, pipeline_ids: list[UUID]) -> list[PipelineGrant]:
    """The grants of pipelines, past ones included, in the order they were given."""
    statement = select(PipelineGrant).where(
        PipelineGrant.account_id == work.account_id, PipelineGrant.pipeline_id.in_(pipeline_ids)
    )
    return list((await work.session.execute(statement.order_by(PipelineGrant.id))).scalars())


async def set_pipeline_access(
    work: UnitOfWork,
    pipeline_id: UUID,
    mode: AccessMode,
    grants: list[Grantee],
    *,
    expected_revision: int | None = None,
) -> None:
    """Set the mode and all the grants of a visible pipeline; it holds from the next request on.

    Declines NOT_PERMITTED but for super admins, PLAN_TOO_LOW below PROFESSIONAL (S11, S12), CONFLICT on a stale
    revision, NOT_FOUND for users and teams that are not of the account and for a pipeline that went meanwhile. Grants
    are kept under any mode and count under RESTRICTED.
    """
    require(work.actor, Permission.ACCESS_MANAGE)
    access = await _lock(work, pipeline_id)
    expect_revision(access.revision, expected_revision)
    standing = await find_grants(work, [pipeline_id])
    await _check(work, grants, standing)
    before = _facts(access, standing)
    access.mode = mode.value
    after = _facts(access, await _replace(work, pipeline_id, standing, grants))
    if after == before:
        return
    access.revision += 1
    pipelines = (pipeline_id, pipeline_id)
    work.record(
        EventKind.PIPELINE_ACCESS_CHANGED, "pipeline", pipeline_id, before=before, after=after, pipelines=pipelines
    )


async def _lock(work: UnitOfWork, pipeline_id: UUID) -> PipelineAccess:
    statement = select(PipelineAccess).where(
        PipelineAccess.account_id == work.account_id, PipelineAccess.pipeline_id == pipeline_id
    )
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = (await work.session.execute(locked)).scalar_one_or_none()
    if found is None:
        raise NotFound("pipeline", field=("pipeline",))
    return found


async def _check(work: UnitOfWork, grants: list[Grantee], standing: list[PipelineGrant]) -> None:
    if len(grants) > MOST_GRANTS:
        raise Invalid(f"A pipeline takes at most {MOST_GRANTS} grants; use teams.", field=("grants",))
    if len({(grant.user_id, grant.team_id) for grant in grants}) < len(grants):
        raise Invalid("Each user and each team can be granted once.", field=("grants",))
    users = await find_users(work, [grant.user_id for grant in grants])
    teams = await find_teams(work, [grant.team_id for grant in grants])
    now, before = await work.clock(), [_grantee(row) for row in standing]
    for place, grant in enumerate(grants):
        at = ("grants", str(place), "to")
        if grant.user_id is not None and grant.user_id not in users:
            raise NotFound("user", field=(*at, "userId"))
        if grant.team_id is not None and grant.team_id not in teams:
            raise NotFound("team", field=(*at, "teamId"))
        if grant.until is not None and grant.until <= now and grant not in before:
            raise Invalid("A grant must end in the future.", field=(*at[:2], "until"))


async def _replace(
    work: UnitOfWork, pipeline_id: UUID, standing: list[PipelineGrant], grants: list[Grantee]
) -> list[PipelineGrant]:
    """Put these grants in place of those that stand; one that is the same stays as it was given (law 7)."""
    same = {_grantee(row): row for row in standing if _grantee(row) in grants}
    others = [row.id for row in standing if row not in same.values()]
    if others:
        gone = delete(PipelineGrant).where(PipelineGrant.account_id == work.account_id, PipelineGrant.id.in_(others))
        await work.session.execute(gone)
    rows = [same.get(grant) or await _grant(work, pipeline_id, grant) for grant in grants]
    work.session.add_all(rows)
    return rows


async def _grant(work: UnitOfWork, pipeline_id: UUID, grant: Grantee) -> PipelineGrant:
    return PipelineGrant(
        account_id=work.account_id,
        id=new_id(),
        pipeline_id=pipeline_id,
        user_id=grant.user_id,
        team_id=grant.team_id,
        level=grant.level.value,
        until=grant.until,
        granted_by=work.actor.id,
        granted_at=await work.clock(),
    )


def _grantee(row: PipelineGrant) -> Grantee:
    return Grantee(Level(row.level), row.user_id, row.team_id, row.until)


def _facts(access: PipelineAccess, grants: list[PipelineGrant]) -> Json:
    return {
        "mode": access.mode,
        "grants": [
            {
                "user": str(grant.user_id) if grant.user_id else None,
                "team": str(grant.team_id) if grant.team_id else None,
                "level": grant.level,
                "until": grant.until.isoformat() if grant.until else None,
            }
            for grant in grants
        ],
    }
