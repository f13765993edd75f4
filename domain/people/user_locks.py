"""Locks of users, and the rule that an account keeps a super admin.

The account is locked first, so that changes of users in one account take turns and counts stay true.
"""

from uuid import UUID

from sqlalchemy import any_, exists, select

from domain import accounts
from domain.accounts import User
from domain.errors import NotFound, Refusal, expect_revision
from domain.unit_of_work import UnitOfWork
from policies import Role


class LastSuperAdmin(Refusal):
    """The account would be left without an active super admin."""

    code = "LAST_SUPER_ADMIN"

    def __init__(self) -> None:
        super().__init__(
            "This is the last active super admin of the account: make another user a super admin first.",
            field=("userId",),
        )


async def lock_user(work: UnitOfWork, user_id: UUID, *, expected_revision: int | None = None) -> User:
    """Lock the account, then a user in any state, and read the user again.

    Declines NOT_FOUND, and CONFLICT on a stale revision.
    """
    await accounts.lock_account(work)
    statement = select(User).where(User.account_id == work.account_id, User.id == user_id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    user = (await work.session.execute(locked)).scalar_one_or_none()
    if user is None:
        raise NotFound("user", field=("userId",))
    expect_revision(user.revision, expected_revision)
    return user


async def keep_a_super_admin(work: UnitOfWork, user: User) -> None:
    """Decline LAST_SUPER_ADMIN if this user is the only active super admin; call with the user locked."""
    if not user.active or Role.SUPER_ADMIN not in user.role_set:
        return
    others = exists().where(
        User.account_id == work.account_id,
        User.id != user.id,
        User.active,
        any_(User.roles) == Role.SUPER_ADMIN.value,
    )
    if not (await work.session.execute(select(others))).scalar_one():
        raise LastSuperAdmin
