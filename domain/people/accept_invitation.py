"""Accepting an invitation: how a person joins an account that they cannot sign in to yet.

Who holds the token is the invited user for this one thing. Passwords are verified, or hashed, outside the transaction
by the caller; a password that a person has already is never replaced here (decision 19).
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from domain import accounts
from domain.accounts import Account, Identity, User, UserState
from domain.actor import Actor
from domain.database.transaction import Session
from domain.errors import Conflict, NotFound
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.people.invitation import Invitation
from domain.people.user_locks import lock_user
from domain.unit_of_work import LoadActor, UnitOfWork


class OpenInvitation(NamedTuple):
    """What the holder of the token may see of the invitation."""

    account_name: str
    email: str
    name: str
    expires_at: datetime


def invitee(account_id: UUID, secret_hash: bytes) -> LoadActor:
    """Admits the invited user whose token this is, to accept it and for nothing else; else NotFound."""

    async def admit(session: Session) -> Actor:
        statement = select(Invitation.user_id).where(_open(account_id, secret_hash))
        user_id = (await session.execute(statement)).scalar_one_or_none()
        actor = user_id and await accounts.read_actor(session, account_id, user_id, active=False)
        if not actor:
            raise NotFound("invitation", field=("token",))
        return actor

    return admit


async def read_invitation(work: UnitOfWork, secret_hash: bytes) -> tuple[OpenInvitation, Identity]:
    """The invitation of an admitted invitee, and the person that it is for."""
    statement = (
        select(Account.name, User.name, Invitation.expires_at, Identity)
        .join(User, (User.account_id == Invitation.account_id) & (User.id == Invitation.user_id))
        .join(Account, Account.id == Invitation.account_id)
        .join(Identity, Identity.id == User.identity_id)
        .where(_open(work.account_id, secret_hash))
    )
    account, name, expires_at, identity = (await work.session.execute(statement)).one()
    return OpenInvitation(account, identity.email, name, expires_at), identity


async def accept_invitation(
    work: UnitOfWork, secret_hash: bytes, *, verified: str | None, fresh: str | None, name: str | None = None
) -> User:
    """Make the invited user an active one. `verified` is the hash that the password was compared with just before, and
    `fresh` the hash to keep of a person who has none yet.

    Declines NOT_FOUND where the invitation ended meanwhile, CONFLICT where the person's password was changed, and a
    name that cannot be one.
    """
    await accounts.lock_account(work)
    invitation = await _lock(work, secret_hash)
    user = await lock_user(work, invitation.user_id)
    person = select(Identity).where(Identity.id == user.identity_id).with_for_update(key_share=True)
    identity = (await work.session.execute(person.execution_options(populate_existing=True))).scalar_one()
    if identity.password_hash != verified or (verified is None and identity.verified_at is not None):
        raise Conflict("Your password was changed at the same moment; try again with the one that stands.")
    if verified is None:
        identity.password_hash = fresh
    if name is not None:
        user.name = clean_label(name, field=("name",))
    return await join(work, user, invitation)


async def join(work: UnitOfWork, user: User, invitation: Invitation) -> User:
    """Make the user of an open invitation an active one; both are locked."""
    invitation.accepted_at = await work.clock()
    user.active = True
    user.revision += 1
    before = {"state": UserState.INVITED.value}
    after = {"state": UserState.ACTIVE.value, "name": user.name, "roles": user.roles}
    work.record(EventKind.USER_JOINED, "user", user.id, before=before, after=after)
    return user


async def _lock(work: UnitOfWork, secret_hash: bytes) -> Invitation:
    statement = select(Invitation).where(_open(work.account_id, secret_hash)).with_for_update(key_share=True)
    found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound("invitation", field=("token",))
    return found


def _open(account_id: UUID, secret_hash: bytes) -> ColumnElement[bool]:
    return (
        (Invitation.account_id == account_id)
        & (Invitation.secret_hash == secret_hash)
        & Invitation.accepted_at.is_(None)
        & Invitation.cancelled_at.is_(None)
        & (Invitation.expires_at > func.now())
    )
