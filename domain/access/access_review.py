"""The access review: who can view or edit which pipeline, and why (B22); a page is one statement.

It says for everybody at once what `seeing` says for one actor, and tests hold the two against each other. Pipelines are
taken one after the other until a page is full, so a page costs the same however many there are.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Subquery, and_, func, or_, select, true, tuple_, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from domain.access.effective_access import AccessSource, ReviewFilter, access_paths
from domain.access.pipeline_access import AccessMode, PipelineAccess
from domain.accounts import CustomRole, CustomRoleHolder, Token, User
from domain.apps import AppSecret
from domain.authorization import require
from domain.page import Page, check_size, cut
from domain.unit_of_work import UnitOfWork
from policies import Level, Permission


class ReviewCursor(NamedTuple):
    """After which row a page begins: its pipeline, and the name and id of who is reached."""

    pipeline_id: UUID
    name: str
    id: UUID


class ReviewRow(NamedTuple):
    """That a user or an app can view or edit a pipeline. Of a grant: the team that it is for, if any, when and by whom
    it was given, and when it ends.

    `user` is null for apps. `last_active_at` is when the user, or the app, was last heard of.
    """

    pipeline_id: UUID
    mode: AccessMode
    id: UUID
    name: str
    level: Level
    why: AccessSource
    team_id: UUID | None
    since: datetime | None
    until: datetime | None
    by: UUID | None
    user: User | None
    custom_roles: list[str]
    last_active_at: datetime | None

    @property
    def cursor(self) -> ReviewCursor:
        """By which the next page goes on."""
        return ReviewCursor(self.pipeline_id, self.name, self.id)


async def read_review(
    work: UnitOfWork, wanted: ReviewFilter, *, first: int, after: ReviewCursor | None = None
) -> Page[ReviewRow]:
    """A page of the review: active users and acting apps, by pipeline in the order of their making, and by name (B22).

    Declines NOT_PERMITTED but for super admins, and page sizes that are none.
    """
    require(work.actor, Permission.ACCESS_REVIEW)
    size = check_size(first)
    if not access_paths(work.account_id, wanted):
        return Page([], has_more=False)
    page = _page(work.account_id, wanted, after).limit(size + 1).subquery("page")
    rows = await work.session.execute(_with_details(work.account_id, page))
    return cut([_row(*row) for row in rows], first)


def _page(account_id: UUID, wanted: ReviewFilter, after: ReviewCursor | None) -> Select[*tuple[Any, ...]]:
    reached = union_all(*access_paths(account_id, wanted)).lateral("reached")
    statement = (
        select(PipelineAccess.pipeline_id, PipelineAccess.mode, *reached.c)
        .join(reached, true())
        .where(PipelineAccess.account_id == account_id)
        .order_by(PipelineAccess.pipeline_id, reached.c.name, reached.c.id)
    )
    if wanted.pipeline_id is not None:
        statement = statement.where(PipelineAccess.pipeline_id == wanted.pipeline_id)
    if wanted.mode is not None:
        statement = statement.where(PipelineAccess.mode == wanted.mode.value)
    if wanted.level is not None:
        statement = statement.where(reached.c.level == wanted.level.value)
    if after is None:
        return statement
    later = tuple_(reached.c.name, reached.c.id) > tuple_(after.name, after.id)
    return statement.where(
        PipelineAccess.pipeline_id >= after.pipeline_id, or_(PipelineAccess.pipeline_id > after.pipeline_id, later)
    )


def _with_details(account_id: UUID, page: Subquery) -> Select[*tuple[Any, ...]]:
    """What is shown of those on a page alone."""
    names = (
        select(func.array_agg(aggregate_order_by(CustomRole.name, CustomRole.name)))
        .join(
            CustomRoleHolder,
            and_(CustomRoleHolder.account_id == CustomRole.account_id, CustomRoleHolder.role_id == CustomRole.id),
        )
        .where(CustomRole.account_id == account_id, CustomRoleHolder.user_id == page.c.id)
        .scalar_subquery()
    )
    signed_in = select(func.max(Token.last_used_at)).where(Token.account_id == account_id, Token.user_id == page.c.id)
    came_in = select(func.max(AppSecret.last_used_at)).where(
        AppSecret.account_id == account_id, AppSecret.app_id == page.c.id
    )
    heard_of = func.coalesce(signed_in.scalar_subquery(), came_in.scalar_subquery())
    return (
        select(*page.c, User, names, heard_of)
        .outerjoin(User, and_(User.account_id == account_id, User.id == page.c.id))
        .order_by(page.c.pipeline_id, page.c.name, page.c.id)
    )


def _row(pipeline_id: UUID, mode: str, id: UUID, name: str, level: str, why: str, *rest: Any) -> ReviewRow:
    team_id, since, until, by, user, custom_roles, heard_of = rest
    reached = (pipeline_id, AccessMode(mode), id, name, Level(level), AccessSource(why))
    return ReviewRow(*reached, team_id, since, until, by, user, custom_roles or [], heard_of)
