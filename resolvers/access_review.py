"""The access review: pages of who can view or edit what, and why, as queries show them and as exports write them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import access, apps, pipelines
from domain.access import ReviewCursor, ReviewFilter, ReviewRow
from domain.accounts import Name, find_names
from domain.page import LARGEST_PAGE, Page
from domain.unit_of_work import UnitOfWork
from resolvers.apps import AppsView, view_of
from resolvers.context import Context
from resolvers.related import Includes, Related, load_related


@dataclass(frozen=True)
class ReviewView:
    """A page of the review, with the pipelines and the names on it; `apps` are those on it, as who manages them sees
    them.
    """

    account_id: UUID
    page: Page[ReviewRow]
    related: Related
    apps: AppsView


@dataclass(frozen=True)
class ExportedReview:
    """A page of the review with the names that it is written with."""

    page: Page[ReviewRow]
    pipelines: Mapping[UUID, pipelines.Pipeline]
    names: Mapping[UUID, Name]


async def read_review(
    context: Context,
    includes: Includes,
    *,
    filters: ReviewFilter,
    first: int,
    after: Callable[[UUID], ReviewCursor | None],
) -> ReviewView:
    """A page of the review; `after` opens the cursor, for the account that it is to be of."""
    async with context.reading() as work:
        page = await access.read_review(work, filters, first=first, after=after(work.account_id))
        found = await pipelines.find_pipelines(work, {row.pipeline_id for row in page.items}) if page.items else {}
        related = await load_related(work, includes, found=found.values())
        related.names = {**related.names, **await _names(work, page.items)}
        known = await apps.find_apps(work, {row.id for row in page.items if row.user is None})
        return ReviewView(work.account_id, page, related, await view_of(work, [*known.values()], includes))


async def export_page(context: Context, filters: ReviewFilter, after: ReviewCursor | None) -> ExportedReview:
    """The next rows of an export, as many as a page holds. Declines NOT_PERMITTED."""
    async with context.reading() as work:
        page = await access.read_review(work, filters, first=LARGEST_PAGE, after=after)
        found = await pipelines.find_pipelines(work, {row.pipeline_id for row in page.items}) if page.items else {}
        return ExportedReview(page, found, await _names(work, page.items))


async def _names(work: UnitOfWork, rows: Sequence[ReviewRow]) -> Mapping[UUID, Name]:
    """The names of those who gave the grants on a page, and of the teams that they are for."""
    return await find_names(work, {row.by for row in rows}, {row.team_id for row in rows})
