"""The sessions of people: seeing one's own, ending them, and changing the password, which ends all others."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import sessions as resolvers
from schema.arguments import Input
from schema.errors import UserError
from schema.ids import Kind, global_id, uuid_of
from schema.info import Info, once
from schema.node import Node
from schema.results import settle

_ERRORS = "Why it was declined; empty when it was done."
_KEY = "A text of your own, at most 255 characters: the same key again does nothing twice, for a day."


@strawberry.type(description="A session of the viewer's own: where and when a token of theirs was made and used.")
class Session(Node):
    """What is known of a token but itself."""

    created_at: datetime = strawberry.field(description="When it was signed in.")
    address: str | None = strawberry.field(description="The network address from which that was, where it is known.")
    last_used_at: datetime = strawberry.field(description="When it was used last, to within five minutes.")
    last_used_address: str | None = strawberry.field(
        description="The network address from which that was, where it is known."
    )
    expires_at: datetime = strawberry.field(description="When it ends by time.")
    current: bool = strawberry.field(description="Whether this very request came with it.")

    @classmethod
    def of(cls, view: resolvers.SessionsView, id: UUID) -> "Session":
        """One of those that were found."""
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


@strawberry.input(description="The session that is to end.")
class RevokeSessionInput:
    """One of the viewer's own."""

    session_id: ID = strawberry.field(description="The global id of a session of the viewer's own.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The session that ended.")
class RevokeSessionPayload:
    """Answer of revokeSession."""

    revoked_session_id: ID | None = strawberry.field(
        default=None, description="The global id of the session that has ended; null when it was declined."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.input(description="All sessions of the viewer but the one that asks.")
class RevokeOtherSessionsInput:
    """Nothing needs to be said."""

    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The sessions that are left.")
class RevokeOtherSessionsPayload:
    """Answer of revokeOtherSessions."""

    sessions: list[Session] | None = strawberry.field(
        default=None, description="The viewer's sessions as they are now; null when it was declined."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.input(description="Whose sessions are to end.")
class EndUserSessionsInput:
    """Say, for a lost laptop."""

    user_id: ID = strawberry.field(description="The global id of an active user of the account.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="Whether the user's sessions ended.")
class EndUserSessionsPayload:
    """Answer of endUserSessions."""

    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.input(description="The password that is, and the one that is to be.")
class ChangePasswordInput:
    """What changing a password takes; never kept with an idempotency key."""

    current_password: str = strawberry.field(description="The password that the viewer signs in with.")
    new_password: str = strawberry.field(
        description="The password from now on: 10 to 1,024 characters, neither the e-mail address nor the old password."
    )


@strawberry.type(description="Whether the password was changed.")
class ChangePasswordPayload:
    """Answer of changePassword."""

    user_errors: list[UserError] = strawberry.field(default_factory=list, description=_ERRORS)


@strawberry.type
class SessionQuery:
    """Root fields about sessions."""

    @strawberry.field(
        description="The viewer's own sessions, the most recently used first, at most 100. An API app has none."
    )
    async def sessions(self, info: Info) -> list[Session]:
        """Where one is signed in."""
        return _shaped(await resolvers.list_sessions(info.context))


@strawberry.type
class SessionMutation:
    """Root fields that end sessions."""

    @strawberry.mutation(description="End one of the viewer's own sessions; its next request is turned away.")
    async def revoke_session(self, info: Info, input: Input[RevokeSessionInput]) -> RevokeSessionPayload:
        """Declines NOT_FOUND, also for the sessions of others (B19)."""
        key = once(info, input, input.idempotency_key)
        return await settle(
            resolvers.revoke_session(info.context, key, session_id=uuid_of(Kind.SESSION, input.session_id)),
            lambda done: RevokeSessionPayload(revoked_session_id=ID(global_id(Kind.SESSION, done))),
            lambda errors: RevokeSessionPayload(user_errors=errors),
        )

    @strawberry.mutation(description="End all of the viewer's own sessions but the one of this request.")
    async def revoke_other_sessions(
        self, info: Info, input: Input[RevokeOtherSessionsInput]
    ) -> RevokeOtherSessionsPayload:
        """Declines nothing (B19)."""
        return await settle(
            resolvers.revoke_other_sessions(info.context, once(info, input, input.idempotency_key)),
            lambda done: RevokeOtherSessionsPayload(sessions=_shaped(done)),
            lambda errors: RevokeOtherSessionsPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="End all sessions of a user in this account, say for a lost laptop. Needs the super admin's role. "
        "The session of this request goes on, where it is that user's."
    )
    async def end_user_sessions(self, info: Info, input: Input[EndUserSessionsInput]) -> EndUserSessionsPayload:
        """Declines NOT_FOUND, NOT_PERMITTED (B19)."""
        key = once(info, input, input.idempotency_key)
        return await settle(
            resolvers.end_user_sessions(info.context, key, user_id=uuid_of(Kind.USER, input.user_id)),
            lambda _: EndUserSessionsPayload(),
            lambda errors: EndUserSessionsPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Change the viewer's own password. All their other sessions end, in every account they belong to."
    )
    async def change_password(self, info: Info, input: Input[ChangePasswordInput]) -> ChangePasswordPayload:
        """Declines WRONG_PASSWORD, NO_PASSWORD, INVALID, TOO_MANY_ATTEMPTS, CONFLICT (B19)."""
        return await settle(
            resolvers.change_password(info.context, current=input.current_password, new=input.new_password),
            lambda _: ChangePasswordPayload(),
            lambda errors: ChangePasswordPayload(user_errors=errors),
        )


def _shaped(view: resolvers.SessionsView) -> list[Session]:
    return [Session.of(view, each) for each in view.sessions]
