"""Members, custom roles and teams: finding them for who manages people, and changing them.

How somebody joins by an invitation is in `joining.py`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import accounts, people
from domain.accounts import Name
from domain.idempotency import IdempotentRequest
from domain.page import NameCursor, Page
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context, reread
from resolvers.related import Includes

Members = Mapping[UUID, Sequence[Name]]
Change = Callable[[UnitOfWork], Awaitable[None]]


@dataclass(frozen=True)
class MembersView:
    """A page of members, or one; `of_teams` are the members of their teams, where they are wanted."""

    account_id: UUID
    page: Page[people.Member]
    of_teams: Members | None


@dataclass(frozen=True)
class TeamsView:
    """Teams, and their members where they are wanted and may be seen."""

    teams: list[accounts.Team]
    members: Members | None


@dataclass(frozen=True)
class InvitedView:
    """Who was invited, and the token to pass on, which a replay does not show again."""

    member: MembersView | None
    token: str | None
    expires_at: datetime | None


async def list_members(
    context: Context,
    includes: Includes,
    *,
    states: Collection[accounts.UserState],
    first: int,
    after: Callable[[UUID], NameCursor | None],
) -> MembersView:
    """A page of the members in some states; `after` opens the cursor, for the account that it is to be of."""
    async with context.reading() as work:
        page = await people.list_members(work, states, first, after(work.account_id))
        return await _with_teams(work, includes, page)


async def find_member(context: Context, includes: Includes, user_id: UUID) -> MembersView:
    """One member."""
    async with context.reading() as work:
        return await _with_teams(work, includes, Page([await people.find_member(work, user_id)], has_more=False))


async def _with_teams(work: UnitOfWork, includes: Includes, page: Page[people.Member]) -> MembersView:
    teams = {team.id for member in page.items for team in member.teams}
    members = await people.find_members_of_teams(work, teams) if includes.members else None
    return MembersView(work.account_id, page, members)


async def invite_user(
    context: Context, once: IdempotentRequest, includes: Includes, invitee: people.Invitee
) -> InvitedView:
    """Invite somebody who is no user yet."""
    return await _invite(context, once, includes, lambda work: people.invite_user(work, invitee))


async def renew_invitation(
    context: Context, once: IdempotentRequest, includes: Includes, *, user_id: UUID, expected_revision: int | None
) -> InvitedView:
    """Invite somebody again who has not joined."""

    async def verb(work: UnitOfWork) -> people.Invited:
        return await people.renew_invitation(work, user_id, expected_revision=expected_revision)

    return await _invite(context, once, includes, verb)


async def _invite(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    inviting: Callable[[UnitOfWork], Awaitable[people.Invited]],
) -> InvitedView:
    made: list[people.Invited] = []

    async def verb(work: UnitOfWork) -> UUID:
        made.append(await inviting(work))
        return made[0].user_id

    member = await reread(find_member(context, includes, await context.perform(once, verb)))
    return InvitedView(member, made[0].token if made else None, made[0].expires_at if made else None)


async def change_member(
    context: Context, once: IdempotentRequest, includes: Includes, user_id: UUID, change: Change
) -> MembersView | None:
    """Change a user by one of the verbs below; None where the viewer manages people no more after it."""

    async def verb(work: UnitOfWork) -> UUID:
        await change(work)
        return user_id

    return await reread(find_member(context, includes, await context.perform(once, verb)))


def cancelling(user_id: UUID, expected_revision: int | None) -> Change:
    """Take an invitation back."""
    return lambda work: people.cancel_invitation(work, user_id, expected_revision=expected_revision)


def appointing(user_id: UUID, roles: people.Roles, expected_revision: int | None) -> Change:
    """Set a user's roles."""
    return lambda work: people.set_user_roles(work, user_id, roles, expected_revision=expected_revision)


def scoping(user_id: UUID, scopes: people.Scopes, expected_revision: int | None) -> Change:
    """Set a user's ticket scopes."""
    return lambda work: people.set_ticket_scopes(work, user_id, scopes, expected_revision=expected_revision)


def renaming(user_id: UUID, name: str, expected_revision: int | None) -> Change:
    """Change what a user is called."""
    return lambda work: people.rename_user(work, user_id, name, expected_revision=expected_revision)


def deactivating(user_id: UUID, expected_revision: int | None) -> Change:
    """End a membership."""
    return lambda work: people.deactivate_user(work, user_id, expected_revision=expected_revision)


def reactivating(user_id: UUID, expected_revision: int | None) -> Change:
    """Let somebody come back."""
    return lambda work: people.reactivate_user(work, user_id, expected_revision=expected_revision)
