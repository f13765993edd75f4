"""Arriving from the identity provider: who is invited at the address that it vouches for joins by signing in.

The invitation need not be shown: it was made for that address, and the provider says that it is theirs (decision 23).
"""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from domain import accounts
from domain.accounts import Account, User
from domain.actor import Actor
from domain.database.transaction import Session
from domain.errors import Unauthenticated
from domain.people.accept_invitation import join
from domain.people.invitation import Invitation
from domain.people.user_locks import lock_user
from domain.unit_of_work import LoadActor, UnitOfWork


async def find_open_membership(session: Session, account_id: UUID, user_id: UUID) -> Account | None:
    """The account of a membership that is in force, or that waits to be accepted; the session has entered it."""
    statement = select(Account).join(User, User.account_id == Account.id).where(_open(account_id, user_id))
    return (await session.execute(statement)).scalar_one_or_none()


def arrival(account_id: UUID, user_id: UUID) -> LoadActor:
    """Loads an active user, or one with an open invitation, that the provider identified; else
    Unauthenticated.
    """

    async def admit(session: Session) -> Actor:
        expected = (await session.execute(select(exists().where(_open(account_id, user_id))))).scalar_one()
        actor = await accounts.read_actor(session, account_id, user_id, active=False) if expected else None
        if actor is None:
            raise Unauthenticated
        return actor

    return admit


async def join_vouched(work: UnitOfWork, user_id: UUID) -> None:
    """Accept the open invitation of a user that `arrival` loaded, unless they are active already."""
    user = await lock_user(work, user_id)
    opened = select(Invitation).where(
        Invitation.account_id == work.account_id, Invitation.user_id == user_id, _standing()
    )
    invitation = (await work.session.execute(opened.with_for_update(key_share=True))).scalar_one_or_none()
    if user.active:
        return
    if invitation is None:
        raise Unauthenticated
    await join(work, user, invitation)


def _open(account_id: UUID, user_id: UUID) -> ColumnElement[bool]:
    invited = exists().where(Invitation.account_id == account_id, Invitation.user_id == User.id, _standing())
    return (User.account_id == account_id) & (User.id == user_id) & or_(User.active, invited)


def _standing() -> ColumnElement[bool]:
    unanswered = Invitation.accepted_at.is_(None) & Invitation.cancelled_at.is_(None)
    return unanswered & (Invitation.expires_at > func.now())
