"""Reading the facts that an explanation rests on: SQL is asked as the user concerned, in the snapshot of who asks
(B17).
"""

from uuid import UUID

from sqlalchemy import and_, func, or_, select

from domain.access.explain_access import Facts, GrantFact, HeldRole
from domain.access.pipeline_access import AccessMode, PipelineAccess, PipelineGrant
from domain.access.visibility import level_of
from domain.accounts import CustomRole, CustomRoleHolder, TeamMember, find_users, givable, read_actor
from domain.actor import Actor
from domain.authorization import require
from domain.errors import NotFound
from domain.unit_of_work import UnitOfWork
from policies import Level, Permission


async def find_facts(work: UnitOfWork, user_id: UUID, pipeline_id: UUID) -> Facts:
    """The facts about one user, active or not, and a pipeline that the actor has found.

    Everybody may ask about themselves, super admins about all users of the account; others hear NOT_PERMITTED. An
    unknown user is NOT_FOUND.
    """
    if user_id != work.actor.user_id:
        require(work.actor, Permission.ACCESS_REVIEW)
    user = (await find_users(work, [user_id])).get(user_id)
    actor = await read_actor(work.session, work.account_id, user_id, active=False)
    if user is None or actor is None:
        raise NotFound("user", field=("userId",))
    statement = select(PipelineAccess, level_of(actor)).where(
        PipelineAccess.account_id == work.account_id, PipelineAccess.pipeline_id == pipeline_id
    )
    access, level = (await work.session.execute(statement)).one()
    mode = AccessMode(access.mode)
    return Facts(
        actor=actor,
        name=user.name,
        active=user.active,
        custom_roles=await _custom_roles(work, user_id),
        mode=mode,
        is_creator=access.created_by == user_id,
        grants=await _grants(work, actor, mode, pipeline_id),
        level=Level(level) if level else None,
    )


async def _custom_roles(work: UnitOfWork, user_id: UUID) -> list[HeldRole]:
    held = and_(CustomRoleHolder.account_id == CustomRole.account_id, CustomRoleHolder.role_id == CustomRole.id)
    statement = (
        select(CustomRole)
        .join(CustomRoleHolder, held)
        .where(CustomRole.account_id == work.account_id, CustomRoleHolder.user_id == user_id)
        .order_by(CustomRole.name)
    )
    found = (await work.session.execute(statement)).scalars()
    return [HeldRole(role.id, role.name, givable(role.permissions)) for role in found]


async def _grants(work: UnitOfWork, actor: Actor, mode: AccessMode, pipeline_id: UUID) -> list[GrantFact]:
    """Those for the user and for every team they are in; a team that is not active, or an end that is past, gives
    nothing.
    """
    teams = select(TeamMember.team_id).where(TeamMember.account_id == work.account_id, TeamMember.user_id == actor.id)
    in_force = func.coalesce(PipelineGrant.until > func.now(), True)
    statement = (
        select(PipelineGrant, in_force)
        .where(
            PipelineGrant.account_id == work.account_id,
            PipelineGrant.pipeline_id == pipeline_id,
            or_(PipelineGrant.user_id == actor.id, PipelineGrant.team_id.in_(teams)),
        )
        .order_by(PipelineGrant.id)
    )
    counting = mode is AccessMode.RESTRICTED and not actor.is_super_admin
    return [
        GrantFact(
            level=Level(row.level),
            team_id=row.team_id,
            since=row.granted_at,
            by=row.granted_by,
            until=row.until,
            counts=counting and current and (row.team_id is None or row.team_id in actor.teams),
        )
        for row, current in await work.session.execute(statement)
    ]
