"""A session as its user sees it."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import sessions as resolvers
from schema.ids import Kind, global_id
from schema.node import Node


@strawberry.type(description="A session of the viewer: where and when one of their tokens was issued and used.")
class Session(Node):
    """A session, without its token."""

    created_at: datetime = strawberry.field(description="When the viewer signed in.")
    address: str | None = strawberry.field(description="The network address of that request, if known.")
    last_used_at: datetime = strawberry.field(description="When it was last used, to within five minutes.")
    last_used_address: str | None = strawberry.field(description="The network address of that request, if known.")
    expires_at: datetime = strawberry.field(description="When it expires.")
    current: bool = strawberry.field(description="Whether this request belongs to it.")

    @classmethod
    def of(cls, view: resolvers.SessionsView, id: UUID) -> "Session":
        """The session of this id."""
        token = view.sessions[id]
        return cls(
            id=ID(global_id(Kind.SESSION, token.id)),
            created_at=token.created_at,
            address=token.address,
            last_used_at=token.last_used_at,
            last_used_address=token.last_used_address,
            expires_at=token.expires_at,
            current=token.id == view.current,
        )


def sessions_of(view: resolvers.SessionsView) -> list[Session]:
    """The sessions of a view as clients see them."""
    return [Session.of(view, each) for each in view.sessions]
