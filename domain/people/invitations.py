"""Invitations: issuing one, ending one, and whether a user has joined."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select, update

from domain import accounts
from domain.accounts import BearerKind
from domain.database.model import new_id
from domain.people.invitation import Invitation
from domain.unit_of_work import UnitOfWork

LIFETIME = timedelta(days=14)


class Invited(NamedTuple):
    """A new invitation: its user, the token to pass on, which is returned only once, and when it expires."""

    user_id: UUID
    token: str
    expires_at: datetime


async def has_joined(work: UnitOfWork, user_id: UUID) -> bool:
    """Whether a user could ever sign in: they accepted an invitation, or never needed one."""
    theirs = (Invitation.account_id == work.account_id) & (Invitation.user_id == user_id)
    accepted = exists().where(theirs, Invitation.accepted_at.is_not(None))
    return (await work.session.execute(select(accepted | ~exists().where(theirs)))).scalar_one()


async def end_invitation(work: UnitOfWork, user_id: UUID) -> None:
    """End the open invitation of a user, if there is one."""
    opened = update(Invitation).where(
        Invitation.account_id == work.account_id,
        Invitation.user_id == user_id,
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
    )
    ended = opened.values(cancelled_at=await work.clock(), cancelled_by=work.actor.user_id)
    await work.session.execute(ended.execution_options(synchronize_session=False))


async def issue_invitation(work: UnitOfWork, user_id: UUID) -> Invited:
    """Insert a new invitation for a user and return its token."""
    token, secret_hash = accounts.make_token(work.account_id, BearerKind.INVITATION)
    now = await work.clock()
    work.session.add(
        Invitation(
            account_id=work.account_id,
            id=new_id(),
            user_id=user_id,
            secret_hash=secret_hash,
            invited_by=work.actor.user_id,
            invited_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return Invited(user_id, token, now + LIFETIME)
