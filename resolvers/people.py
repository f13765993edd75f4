"""Members: finding them for people managers, and their mutations.

Invitations are accepted in `invitations.py`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import accounts, people
from domain.accounts import Name
from domain.page import NameCursor, Page
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context
from resolvers.mutation import Secret, issuing_mutation, mutation
from resolvers.related import Includes

Members = Mapping[UUID, Sequence[Name]]


@dataclass(frozen=True)
class MembersView:
    """A page of members, or one; `of_teams` are the members of their teams, if selected."""

    account_id: UUID
    page: Page[people.Member]
    of_teams: Members | None


@dataclass(frozen=True)
class TeamsView:
    """Teams, and their members if selected and visible."""

    teams: list[accounts.Team]
    members: Members | None


async def list_members(
    context: Context,
    includes: Includes,
    *,
    states: Collection[accounts.UserState],
    first: int,
    after: Callable[[UUID], NameCursor | None],
) -> MembersView:
    """A page of the members in some states; `after` opens the cursor of the account."""
    async with context.reading() as work:
        page = await people.list_members(work, states, first, after(work.account_id))
        return await _with_teams(work, includes, page)


async def find_member(context: Context, user_id: UUID, includes: Includes) -> MembersView:
    """One member."""
    async with context.reading() as work:
        return await _with_teams(work, includes, Page([await people.find_member(work, user_id)], has_more=False))


async def _with_teams(work: UnitOfWork, includes: Includes, page: Page[people.Member]) -> MembersView:
    teams = {team.id for member in page.items for team in member.teams}
    members = await people.find_members_of_teams(work, teams) if includes.members else None
    return MembersView(work.account_id, page, members)


@issuing_mutation(reread=find_member)
async def invite_user(work: UnitOfWork, *, invitee: people.Invitee) -> tuple[UUID, Secret]:
    """Invite a person who is not a user yet."""
    invited = await people.invite_user(work, invitee)
    return invited.user_id, Secret(invited.token, invited.expires_at)


@issuing_mutation(reread=find_member)
async def renew_invitation(work: UnitOfWork, *, user_id: UUID, expected_revision: int | None) -> tuple[UUID, Secret]:
    """Invite a user again who has not joined."""
    invited = await people.renew_invitation(work, user_id, expected_revision=expected_revision)
    return invited.user_id, Secret(invited.token, invited.expires_at)


@mutation(reread=find_member)
async def cancel_invitation(work: UnitOfWork, *, user_id: UUID, expected_revision: int | None) -> UUID:
    """Cancel an invitation."""
    await people.cancel_invitation(work, user_id, expected_revision=expected_revision)
    return user_id


@mutation(reread=find_member)
async def set_user_roles(
    work: UnitOfWork, *, user_id: UUID, roles: people.Roles, expected_revision: int | None
) -> UUID:
    """Set all roles of a user."""
    await people.set_user_roles(work, user_id, roles, expected_revision=expected_revision)
    return user_id


@mutation(reread=find_member)
async def set_ticket_scopes(
    work: UnitOfWork, *, user_id: UUID, scopes: people.Scopes, expected_revision: int | None
) -> UUID:
    """Set both ticket scopes of a user."""
    await people.set_ticket_scopes(work, user_id, scopes, expected_revision=expected_revision)
    return user_id


@mutation(reread=find_member)
async def rename_user(work: UnitOfWork, *, user_id: UUID, name: str, expected_revision: int | None) -> UUID:
    """Change the name of a user."""
    await people.rename_user(work, user_id, name, expected_revision=expected_revision)
    return user_id


@mutation(reread=find_member)
async def deactivate_user(work: UnitOfWork, *, user_id: UUID, expected_revision: int | None) -> UUID:
    """Deactivate a user."""
    await people.deactivate_user(work, user_id, expected_revision=expected_revision)
    return user_id


@mutation(reread=find_member)
async def reactivate_user(work: UnitOfWork, *, user_id: UUID, expected_revision: int | None) -> UUID:
    """Reactivate a user."""
    await people.reactivate_user(work, user_id, expected_revision=expected_revision)
    return user_id
