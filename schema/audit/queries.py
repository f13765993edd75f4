"""Root fields about the audit log."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import argument

from domain.audit import AuditPlace
from resolvers import audit as resolvers
from schema.audit.inputs import AuditEventFilter, narrowed
from schema.audit.types import AuditEventConnection, AuditSealState
from schema.info import Info, includes_of
from schema.paging import DEFAULT_PAGE, bound_to_audit, open_moment
from schema.results import or_null

_FILTER = "Which events to list; all unless given."
_FIRST = "How many events at most, from 1 to 500."
_AFTER = "The cursor of the event to continue after; from the newest one unless given."


@strawberry.type
class AuditQuery:
    """Queries about the log."""

    @strawberry.field(
        description="The audit log, newest first: every change of configuration and access, sign-ins, what apps did, "
        "and a sample of what was denied. Null for viewers who may not read it."
    )
    async def audit_events(
        self,
        info: Info,
        filter: Annotated[AuditEventFilter | None, argument(description=_FILTER)] = None,
        first: Annotated[int, argument(description=_FIRST)] = DEFAULT_PAGE,
        after: Annotated[str | None, argument(description=_AFTER)] = None,
    ) -> AuditEventConnection | None:
        """A keyset page by time and id (B18)."""
        seal = info.context.services.cursors

        def opened(account_id: UUID) -> AuditPlace | None:
            return None if after is None else AuditPlace(*open_moment(seal, after, bound_to_audit(account_id)))

        finding = resolvers.list_audit_events(
            info.context, includes_of(info), narrowed=narrowed(filter), first=first, after=opened
        )
        view = await or_null(finding)
        return AuditEventConnection.of(view, seal, continued=after is not None) if view else None

    @strawberry.field(
        description="How far the events of the account are sealed, and the newest signed head, which proves later "
        "that nothing before it was changed. Null for viewers who may not read the audit log."
    )
    async def audit_seal(self, info: Info) -> AuditSealState | None:
        """The state of the chain (settled choice 11)."""
        view = await or_null(resolvers.read_seal(info.context))
        return AuditSealState.of(view) if view else None
