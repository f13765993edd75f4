"""Renewing an invitation, also a cancelled one (B20)."""

from uuid import UUID

from domain.authorization import require
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.people.invitations import Invited, end_invitation, has_joined, issue_invitation
from domain.people.role_rules import held_roles
from domain.people.user_locks import lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def renew_invitation(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> Invited:
    """Invite a user again who has not joined, also after their invitation was cancelled; the previous token ends.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID for users who have joined, and PLAN_TOO_LOW for users with a
    custom role, below ENTERPRISE (B20).
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    if user.identity_id is None or await has_joined(work, user.id):
        raise Invalid("Only a user who has not joined can be invited again.", field=("userId",))
    if (await held_roles(work, user)).custom:
        require(work.actor, Permission.ROLE_DEFINE)
    before = {"state": user.state.value}
    await end_invitation(work, user.id)
    user.deactivated_at = None
    user.revision += 1
    invited = await issue_invitation(work, user.id)
    after = {"state": user.state.value, "expiresAt": invited.expires_at.isoformat()}
    work.record(EventKind.INVITATION_RENEWED, "user", user.id, before=before, after=after)
    return invited
