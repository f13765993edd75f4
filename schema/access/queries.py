"""Root fields that explain a decision, and review who can see and change what."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID, argument

from domain.access import ReviewCursor
from policies import Permission
from resolvers import access as resolvers
from resolvers import access_review
from schema.access.explanations import AccessExplanation
from schema.access.review_filter import AccessReviewFilter, review_filter
from schema.access.reviews import AccessReviewConnection, bound_to_review, open_row
from schema.errors import BadInput
from schema.ids import Kind, uuid_of
from schema.info import Info, includes_of
from schema.paging import DEFAULT_PAGE
from schema.results import or_null

_USER = "The global id of the user, active or not."
_PIPELINE = "The global id of the pipeline; give this or `ticketId`."
_TICKET = "The global id of the ticket; give this or `pipelineId`."
_PERMISSION = "What the user would do, by name, such as ticket:write; `permissions` lists them all."
_FILTER = "What the review is to be about; everything unless given."
_FIRST = "How many rows at most, from 1 to 500."
_AFTER = "The cursor of the row to continue after; from the first one unless given."


@strawberry.type
class AccessQuery:
    """Queries about access."""

    @strawberry.field(
        description="Whether a user may do something with a pipeline or a ticket, and every step that decides it. "
        "Super admins may ask about all users of the account, others about themselves and what they see; anything else "
        "is null."
    )
    async def explain_access(
        self,
        info: Info,
        user_id: Annotated[ID, argument(description=_USER)],
        permission: Annotated[str, argument(description=_PERMISSION)],
        pipeline_id: Annotated[ID | None, argument(description=_PIPELINE)] = None,
        ticket_id: Annotated[ID | None, argument(description=_TICKET)] = None,
    ) -> AccessExplanation | None:
        """The same steps as the gate and the finders take (B17)."""
        if (pipeline_id is None) == (ticket_id is None):
            raise BadInput("Give exactly one of `pipelineId` and `ticketId`.")
        user, act = uuid_of(Kind.USER, user_id), _permission(permission)
        if ticket_id is not None:
            ticket = uuid_of(Kind.TICKET, ticket_id)
            finding = resolvers.explain_ticket(
                info.context, includes_of(info), user_id=user, ticket_id=ticket, permission=act
            )
        else:
            pipeline = uuid_of(Kind.PIPELINE, pipeline_id or "")
            finding = resolvers.explain_pipeline(
                info.context, includes_of(info), user_id=user, pipeline_id=pipeline, permission=act
            )
        view = await or_null(finding)
        return AccessExplanation.of(view) if view else None

    @strawberry.field(
        description="Who can view or edit what, and why: one row for each active user or API app and each pipeline "
        "that they reach, pipelines in the order in which they were made. Null for viewers who are no super admins."
    )
    async def access_review(
        self,
        info: Info,
        filter: Annotated[AccessReviewFilter | None, argument(description=_FILTER)] = None,
        first: Annotated[int, argument(description=_FIRST)] = DEFAULT_PAGE,
        after: Annotated[str | None, argument(description=_AFTER)] = None,
    ) -> AccessReviewConnection | None:
        """A keyset page by pipeline, name and id (B22)."""
        seal = info.context.services.cursors

        def opened(account_id: UUID) -> ReviewCursor | None:
            return None if after is None else open_row(seal, after, bound_to_review(account_id))

        finding = access_review.read_review(
            info.context, includes_of(info), filters=review_filter(filter), first=first, after=opened
        )
        view = await or_null(finding)
        return AccessReviewConnection.of(view, seal, continued=after is not None) if view else None


def _permission(name: str) -> Permission:
    try:
        return Permission(name)
    except ValueError:
        raise BadInput(f"{name[:100]!r} is no permission; `permissions` lists them all.") from None
