"""Cancelling an invitation."""

from uuid import UUID

from domain.accounts import UserState
from domain.authorization import require
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.people.invitations import end_invitation
from domain.people.user_locks import lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def cancel_invitation(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> None:
    """Cancel an invitation: its token ends, and the user becomes inactive.

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, and INVALID for users without an open invitation.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    if user.state is not UserState.INVITED:
        raise Invalid("This user has no open invitation.", field=("userId",))
    await end_invitation(work, user.id)
    user.deactivated_at = await work.clock()
    user.revision += 1
    before, after = {"state": UserState.INVITED.value}, {"state": UserState.INACTIVE.value}
    work.record(EventKind.INVITATION_CANCELLED, "user", user.id, before=before, after=after)
