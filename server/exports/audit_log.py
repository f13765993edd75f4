"""The audit log as rows: one for each event, from the newest on, narrowed as `auditEvents` is (B18)."""

from collections.abc import Callable

from starlette.datastructures import QueryParams

from domain.audit import AuditEntry, AuditPlace
from resolvers.audit import AuditView, export_page
from resolvers.context import Context
from schema.audit.inputs import narrowed_by_texts
from schema.audit.types import AuditEvent
from schema.audit.values import facts, written
from schema.errors import BadInput
from server.exports.export import Export, Pages, Row, single

COLUMNS = (
    "number",
    "at",
    "kind",
    "actor kind",
    "actor id",
    "actor",
    "actor e-mail",
    "address",
    "object kind",
    "object id",
    "before",
    "after",
    "sealed",
)
_SINGLE = ("actorId", "objectId", "pipelineId", "since", "until")
_MOST_PAGES = 2000  # of 500 events


async def _pages(opened: Callable[[], Context], given: QueryParams) -> Pages:
    wanted = narrowed_by_texts(given.getlist("kinds"), {name: single(given, name) for name in _SINGLE})
    after: AuditPlace | None = None
    for _ in range(_MOST_PAGES):
        context = opened()
        try:
            view = await export_page(context, wanted, after)
        finally:
            await context.close()
        yield [_row(entry, view) for entry in view.page.items]
        if not view.page.has_more:
            return
        last = view.page.items[-1].event
        after = AuditPlace(last.at, last.id)
    raise BadInput("An export holds at most a million events: narrow it with `since` and `until`.")


def _row(entry: AuditEntry, view: AuditView) -> Row:
    shown, event = AuditEvent.of(entry, view), entry.event
    return (
        shown.number,
        event.at.isoformat(),
        shown.kind.value,
        event.actor_kind,
        shown.actor_id,
        shown.actor_name,
        shown.actor_user.email if shown.actor_user else None,
        event.address,
        event.object_kind,
        shown.object_id or str(event.object_id),
        written(facts(event.before)),
        written(facts(event.after)),
        "yes" if entry.sealed else "no",
    )


AUDIT_LOG = Export("audit", COLUMNS, frozenset({"kinds", *_SINGLE}), _pages)
