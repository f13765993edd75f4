"""The ways to reach a pipeline, for all users and apps of an account at once, as `seeing` has them for one actor.

Each way is a statement about the pipeline of the PipelineAccess row around it. Whoever is reached by two of them is
listed once: the ways exclude each other.
"""

from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from domain.access.pipeline_access import AccessMode, PipelineAccess, PipelineGrant
from domain.accounts import CustomRole, CustomRoleHolder, Team, TeamMember, User
from domain.actor import AppReach
from domain.apps import App, AppPipeline
from policies import Level, Permission, Role, role_allows

_SEEING = [role.value for role in Role if role_allows(Permission.PIPELINE_VIEW, role)]


class AccessSource(StrEnum):
    """By what somebody can come near a pipeline."""

    SUPER_ADMIN = "SUPER_ADMIN"
    EVERYONE = "EVERYONE"
    CREATOR = "CREATOR"
    GRANT = "GRANT"
    TEAM_GRANT = "TEAM_GRANT"
    APP = "APP"


class ReviewFilter(NamedTuple):
    """What a review is about; `team_id` stands for the users who are in that team."""

    pipeline_id: UUID | None = None
    user_id: UUID | None = None
    team_id: UUID | None = None
    app_id: UUID | None = None
    level: Level | None = None
    mode: AccessMode | None = None


def access_paths(account_id: UUID, wanted: ReviewFilter) -> list[Select[*tuple[Any, ...]]]:
    """The ways that can lead to what is wanted: id and name of who is reached, the level, why, and what is known of the
    grant.
    """
    found: list[Select[*tuple[Any, ...]]] = []
    if wanted.app_id is None:
        people = _people(account_id, wanted)
        found.append(_granted(people))
        found += [] if wanted.level is Level.VIEW else _at_edit_level(people)
    if wanted.user_id is None and wanted.team_id is None and wanted.level is not Level.VIEW:
        found.append(_apps(account_id, wanted.app_id))
    return found


def _people(account_id: UUID, wanted: ReviewFilter) -> ColumnElement[bool]:
    """The active users who see pipelines at all: by a role, or by a custom role, which makes them viewers."""
    holders = (
        select(CustomRoleHolder.user_id)
        .join(
            CustomRole,
            and_(CustomRole.account_id == CustomRoleHolder.account_id, CustomRole.id == CustomRoleHolder.role_id),
        )
        .where(CustomRoleHolder.account_id == account_id, func.cardinality(CustomRole.permissions) > 0)
    )
    by_role = User.roles.op("&&")(cast(_SEEING, ARRAY(Text)))
    conditions = [User.account_id == account_id, User.active.is_(True), or_(by_role, User.id.in_(holders))]
    if wanted.user_id is not None:
        conditions.append(User.id == wanted.user_id)
    if wanted.team_id is not None:
        members = select(TeamMember.user_id).where(
            TeamMember.account_id == account_id, TeamMember.team_id == wanted.team_id
        )
        conditions.append(User.id.in_(members))
    return and_(*conditions)


def _at_edit_level(people: ColumnElement[bool]) -> list[Select[*tuple[Any, ...]]]:
    """Super admins everywhere; all others under EVERYONE, and the creator under PRIVATE."""
    admin = any_(User.roles) == Role.SUPER_ADMIN.value
    everyone = and_(PipelineAccess.mode == AccessMode.EVERYONE.value, ~admin)
    creator = and_(PipelineAccess.mode == AccessMode.PRIVATE.value, User.id == PipelineAccess.created_by, ~admin)
    reasons = {AccessSource.SUPER_ADMIN: admin, AccessSource.EVERYONE: everyone, AccessSource.CREATOR: creator}
    return [
        select(*_who(User.id, User.name), *_edit(why)).where(people, condition).correlate(PipelineAccess)
        for why, condition in reasons.items()
    ]


def _granted(people: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Of the grants in force under RESTRICTED the one that gives the most: EDIT before VIEW, one's own before a team's,
    the longest before others.
    """
    teams = (
        select(TeamMember.account_id, TeamMember.team_id, TeamMember.user_id)
        .join(Team, and_(Team.account_id == TeamMember.account_id, Team.id == TeamMember.team_id, Team.active))
        .subquery()
    )
    grantee = func.coalesce(PipelineGrant.user_id, teams.c.user_id)
    return (
        select(
            *_who(User.id, User.name),
            PipelineGrant.level.label("level"),
            case(
                (PipelineGrant.team_id.is_(None), AccessSource.GRANT.value), else_=AccessSource.TEAM_GRANT.value
            ).label("why"),
            PipelineGrant.team_id.label("team_id"),
            PipelineGrant.granted_at.label("since"),
            PipelineGrant.until.label("until"),
            PipelineGrant.granted_by.label("by"),
        )
        .ext(distinct_on(User.id))
        .select_from(PipelineGrant)
        .outerjoin(
            teams, and_(teams.c.account_id == PipelineGrant.account_id, teams.c.team_id == PipelineGrant.team_id)
        )
        .join(User, and_(User.account_id == PipelineGrant.account_id, User.id == grantee))
        .where(
            people,
            ~(any_(User.roles) == Role.SUPER_ADMIN.value),
            PipelineAccess.mode == AccessMode.RESTRICTED.value,
            PipelineGrant.account_id == PipelineAccess.account_id,
            PipelineGrant.pipeline_id == PipelineAccess.pipeline_id,
            or_(PipelineGrant.until.is_(None), PipelineGrant.until > func.now()),
        )
        .order_by(
            User.id,
            PipelineGrant.level,
            PipelineGrant.team_id.is_not(None),
            PipelineGrant.until.desc().nulls_first(),
            PipelineGrant.id,
        )
        .correlate(PipelineAccess)
    )


def _apps(account_id: UUID, app_id: UUID | None) -> Select[*tuple[Any, ...]]:
    """Apps that act and may see pipelines, by their reach (B32)."""
    listed = (
        exists()
        .where(
            AppPipeline.account_id == account_id,
            AppPipeline.app_id == App.id,
            AppPipeline.pipeline_id == PipelineAccess.pipeline_id,
        )
        .correlate(App, PipelineAccess)
    )
    everyone = and_(App.reach == AppReach.EVERYONE.value, PipelineAccess.mode == AccessMode.EVERYONE.value)
    reached = or_(App.reach == AppReach.ALL.value, everyone, and_(App.reach == AppReach.LISTED.value, listed))
    sees = any_(App.permissions) == Permission.PIPELINE_VIEW.value
    statement = select(*_who(App.id, App.name), *_edit(AccessSource.APP)).where(
        App.account_id == account_id, _acting(), sees, reached
    )
    return (statement if app_id is None else statement.where(App.id == app_id)).correlate(PipelineAccess)


def _acting() -> ColumnElement[bool]:
    """Whether an app stands and its sponsor is an active super admin, as it is admitted (B32)."""
    return and_(
        App.deleted_at.is_(None),
        exists().where(
            User.account_id == App.account_id,
            User.id == App.sponsor_id,
            User.active,
            any_(User.roles) == Role.SUPER_ADMIN.value,
        ),
    )


def _who(id: InstrumentedAttribute[UUID], name: InstrumentedAttribute[str]) -> tuple[ColumnElement[Any], ...]:
    return id.label("id"), name.label("name")


def _edit(why: AccessSource) -> tuple[ColumnElement[Any], ...]:
    nothing: dict[str, TypeEngine[Any]] = {
        "team_id": Uuid(),
        "since": DateTime(True),
        "until": DateTime(True),
        "by": Uuid(),
    }
    return (
        literal(Level.EDIT.value).label("level"),
        literal(why.value).label("why"),
        *[cast(null(), kind).label(name) for name, kind in nothing.items()],
    )
