"""The access review: pages of who can view or edit what, and why, and the whole of it as rows."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import access, apps, pipelines
from domain.access import ReviewCursor, ReviewFilter, ReviewRow
from domain.accounts import Name, find_names
from domain.actor import TicketScope
from domain.page import LARGEST_PAGE, Page
from domain.unit_of_work import UnitOfWork
from resolvers.apps import AppsView, view_of
from resolvers.context import Context
from resolvers.scene import Scene, Wanted, set_scene

HEADER = (
    "pipeline",
    "internal_name",
    "mode",
    "subject",
    "kind",
    "email",
    "level",
    "why",
    "team",
    "granted_at",
    "granted_by",
    "until",
    "roles",
    "custom_roles",
    "view_scope",
    "edit_scope",
    "last_active_at",
)


@dataclass(frozen=True)
class ReviewView:
    """A page of the review, with the pipelines and the names on it; `apps` are those on it, as who manages them sees
    them.
    """

    account_id: UUID
    page: Page[ReviewRow]
    scene: Scene
    apps: AppsView


async def read_review(
    context: Context,
    wanted: Wanted,
    *,
    filters: ReviewFilter,
    first: int,
    after: Callable[[UUID], ReviewCursor | None],
) -> ReviewView:
    """A page of the review; `after` opens the cursor, for the account that it is to be of."""
    async with context.reading() as work:
        page = await access.read_review(work, filters, first=first, after=after(work.account_id))
        found = await pipelines.find_pipelines(work, {row.pipeline_id for row in page.items}) if page.items else {}
        scene = await set_scene(work, wanted, found=found.values())
        scene.names = {**scene.names, **await _names(work, page.items)}
        known = await apps.find_apps(work, {row.id for row in page.items if row.user is None})
        return ReviewView(work.account_id, page, scene, await view_of(work, [*known.values()], wanted))


async def export_review(context: Context, filters: ReviewFilter) -> AsyncIterator[Sequence[str | None]]:
    """The whole review as rows of text: a header first, then every row, read page by page, each in a unit of its own.

    `filters` are those of the query: pipeline, user, team, app, level and mode. Raises NotPermitted before the header
    for who may not review access. Who loses that meanwhile gets no further page (B19).
    """
    after: ReviewCursor | None = None
    more, begun = True, False
    while more:
        async with context.reading() as work:
            page = await access.read_review(work, filters, first=LARGEST_PAGE, after=after)
            found = await pipelines.find_pipelines(work, {row.pipeline_id for row in page.items}) if page.items else {}
            names = await _names(work, page.items)
        await context.rest()
        if not begun:
            yield HEADER
        for row in page.items:
            yield _texts(row, found[row.pipeline_id], names)
        begun, more = True, page.has_more
        after = page.items[-1].cursor if page.items else None


async def _names(work: UnitOfWork, rows: Sequence[ReviewRow]) -> Mapping[UUID, Name]:
    """The names of those who gave the grants on a page, and of the teams that they are for."""
    return await find_names(work, {row.by for row in rows}, {row.team_id for row in rows})


def _texts(row: ReviewRow, on: pipelines.Pipeline, names: Mapping[UUID, Name]) -> Sequence[str | None]:
    user = row.user
    scoped = user is not None and row.why is not access.Why.SUPER_ADMIN
    return (
        on.label,
        on.internal_name,
        row.mode.value,
        row.name,
        "APP" if user is None else "USER",
        user.email if user else None,
        row.level.value,
        row.why.value,
        _name(row.team_id, names),
        _time(row.since),
        _name(row.by, names),
        _time(row.until),
        " ".join(sorted(user.roles)) if user else None,
        ", ".join(row.custom_roles),
        _scope(user.view_scope) if user and scoped else None,
        _scope(user.edit_scope) if user and scoped else None,
        _time(row.last_active_at),
    )


def _name(id: UUID | None, names: Mapping[UUID, Name]) -> str | None:
    found = names.get(id) if id is not None else None
    return found.name if found else None


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _scope(scope: TicketScope) -> str:
    return f"{scope.reach.value} and unassigned" if scope.unassigned else scope.reach.value
