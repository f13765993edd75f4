"""The access review as rows: one for each user or API app and each pipeline that they reach, narrowed as `accessReview`
is (B22).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from starlette.datastructures import QueryParams

from domain.access import AccessSource, ReviewCursor, ReviewRow
from domain.accounts import Name
from domain.actor import TicketScope
from resolvers.access_review import ExportedReview, export_page
from resolvers.context import Context
from schema.access.review_filter import filter_by_texts
from schema.errors import BadInput
from schema.ids import Kind, global_id
from server.exports.export import Export, Pages, Row, single

COLUMNS = (
    "pipeline id",
    "pipeline",
    "internal name",
    "mode",
    "kind",
    "id",
    "name",
    "e-mail",
    "level",
    "why",
    "team",
    "granted at",
    "granted by",
    "until",
    "roles",
    "custom roles",
    "view scope",
    "edit scope",
    "last active at",
)
_PARAMETERS = ("pipelineId", "userId", "teamId", "appId", "level", "mode")
_MOST_PAGES = 2000  # of 500 rows


async def _pages(opened: Callable[[], Context], given: QueryParams) -> Pages:
    filters = filter_by_texts({name: single(given, name) for name in _PARAMETERS})
    after: ReviewCursor | None = None
    for _ in range(_MOST_PAGES):
        context = opened()
        try:
            view = await export_page(context, filters, after)
        finally:
            await context.close()
        yield [_row(row, view) for row in view.page.items]
        if not view.page.has_more:
            return
        after = view.page.items[-1].cursor
    raise BadInput("An export holds at most a million rows: narrow it to a pipeline, a user or a team.")


def _row(row: ReviewRow, view: ExportedReview) -> Row:
    user, on = row.user, view.pipelines[row.pipeline_id]
    scoped = user if row.why is not AccessSource.SUPER_ADMIN else None
    return (
        global_id(Kind.PIPELINE, on.id),
        on.label,
        on.internal_name,
        row.mode.value,
        "USER" if user else "APP",
        global_id(Kind.USER if user else Kind.APP, row.id),
        row.name,
        user.email if user else None,
        row.level.value,
        row.why.value,
        _name(row.team_id, view.names),
        _time(row.since),
        _name(row.by, view.names),
        _time(row.until),
        ", ".join(sorted(user.roles)) if user else None,
        ", ".join(row.custom_roles),
        _scope(scoped.view_scope) if scoped else None,
        _scope(scoped.edit_scope) if scoped else None,
        _time(row.last_active_at),
    )


def _name(id: UUID | None, names: Mapping[UUID, Name]) -> str | None:
    found = names.get(id) if id is not None else None
    return found.name if found else None


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _scope(scope: TicketScope) -> str:
    return f"{scope.reach.value} and unassigned" if scope.unassigned else scope.reach.value


ACCESS_REVIEW = Export("access", COLUMNS, frozenset(_PARAMETERS), _pages)
