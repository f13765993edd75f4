"""The access review as clients see it: who can view or edit which pipeline, and why."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import strawberry

from domain.access import AccessSource, ReviewCursor, ReviewRow
from resolvers.access_review import ReviewView
from resolvers.ports import Seal
from schema.access.types import AccessLevel
from schema.accounts.types import Team, User, UserRole
from schema.apps.app_payload import apps_of
from schema.apps.types import App
from schema.enums import AccessMode
from schema.errors import BadInput
from schema.paging import PageInfo
from schema.people.types import TicketScope
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter

strawberry.enum(
    AccessSource,
    name="AccessReason",
    description="By what somebody comes near a pipeline: as SUPER_ADMIN; because it is open to EVERYONE; as its "
    "CREATOR, while it is PRIVATE; by a GRANT of their own or a TEAM_GRANT, while it is RESTRICTED; or as an APP that "
    "reaches it. Further reasons may be added.",
)


@strawberry.type(description="That a user or an API app can view or edit a pipeline.")
class AccessReviewRow:
    """One of them, and why (B22)."""

    pipeline: Pipeline = strawberry.field(description="The pipeline.")
    mode: AccessMode = strawberry.field(description="Its access mode.")
    user: User | None = strawberry.field(description="The user, who is active; null when it is an app.")
    app: App | None = strawberry.field(description="The API app, which is not suspended; null when it is a user.")
    level: AccessLevel = strawberry.field(description="How near they come.")
    why: AccessSource = strawberry.field(description="By what they do.")
    team: Team | None = strawberry.field(description="TEAM_GRANT: the team that the grant is for.")
    granted_at: datetime | None = strawberry.field(description="GRANT and TEAM_GRANT: when it was given.")
    granted_by: User | None = strawberry.field(description="GRANT and TEAM_GRANT: who gave it; null for the operator.")
    until: datetime | None = strawberry.field(description="GRANT and TEAM_GRANT: when it ends; null when it does not.")
    roles: list[UserRole] = strawberry.field(description="The built-in roles of the user; empty for apps.")
    custom_roles: list[str] = strawberry.field(description="The names of the user's custom roles; empty for apps.")
    view_scope: TicketScope | None = strawberry.field(
        description="Which of its tickets the user may view; null for apps and super admins, who have no scope."
    )
    edit_scope: TicketScope | None = strawberry.field(
        description="Which of its tickets the user may edit; null for apps and super admins, who have no scope."
    )
    last_active_at: datetime | None = strawberry.field(
        description="When they were last heard of, to within five minutes; null when they never were."
    )

    @classmethod
    def of(cls, row: ReviewRow, presenter: Presenter, apps: Mapping[UUID, App]) -> "AccessReviewRow":
        """From a row as it was found."""
        user = row.user
        scoped = user if row.why is not AccessSource.SUPER_ADMIN else None
        return cls(
            pipeline=pipeline_of(row.pipeline_id, presenter),
            mode=row.mode,
            user=User.of(user) if user else None,
            app=apps.get(row.id),
            level=AccessLevel(row.level.value),
            why=row.why,
            team=presenter.team(row.team_id),
            granted_at=row.since,
            granted_by=presenter.user(row.by),
            until=row.until,
            roles=[UserRole(role) for role in sorted(user.roles)] if user else [],
            custom_roles=row.custom_roles,
            view_scope=TicketScope.of(scoped.view_scope) if scoped else None,
            edit_scope=TicketScope.of(scoped.edit_scope) if scoped else None,
            last_active_at=row.last_active_at,
        )


@strawberry.type(description="A row of the review, and the cursor to continue after it.")
class AccessReviewEdge:
    """Relay's edge."""

    node: AccessReviewRow = strawberry.field(description="The row.")
    cursor: str = strawberry.field(description="Pass it as `after` to continue after this row.")


@strawberry.type(description="A page of the access review.")
class AccessReviewConnection:
    """Relay's connection."""

    edges: list[AccessReviewEdge] = strawberry.field(description="The rows of the page with their cursors.")
    nodes: list[AccessReviewRow] = strawberry.field(description="The rows of the page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")

    @classmethod
    def of(cls, view: ReviewView, seal: Seal, *, continued: bool) -> "AccessReviewConnection":
        """From a page of the review."""
        presenter, bound = Presenter(view.related), bound_to_review(view.account_id)
        apps = {facts.app.id: app for facts, app in zip(view.apps.apps, apps_of(view.apps), strict=True)}
        edges = [
            AccessReviewEdge(node=AccessReviewRow.of(row, presenter, apps), cursor=seal_row(seal, row.cursor, bound))
            for row in view.page.items
        ]
        info = PageInfo(
            has_next_page=view.page.has_more,
            has_previous_page=continued,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return cls(edges=edges, nodes=[edge.node for edge in edges], page_info=info)


def seal_row(seal: Seal, cursor: ReviewCursor, bound: bytes) -> str:
    """An opaque cursor that works for the review of one account only."""
    payload = json.dumps([cursor.pipeline_id.hex, cursor.name, cursor.id.hex], separators=(",", ":"))
    return seal.seal(payload.encode(), bound)


def open_row(seal: Seal, text: str, bound: bytes) -> ReviewCursor:
    """What a cursor holds; BadInput when it was changed, or was given for another list."""
    try:
        pipeline, name, subject = json.loads(seal.open(text, bound))
    except ValueError:
        raise BadInput("This cursor is not one that was given for this list; start from the beginning.") from None
    return ReviewCursor(UUID(hex=pipeline), name, UUID(hex=subject))


def bound_to_review(account_id: UUID) -> bytes:
    """What a cursor in the review of an account is bound to."""
    return account_id.bytes + b"review"
