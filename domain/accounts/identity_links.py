"""Linking a person to whom the identity provider vouches for: by its subject, or the first time by e-mail address.

What the provider says was verified before; nothing of how is known here (decision 23).
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.accounts.identity_link import IdentityLink
from domain.accounts.sign_in import SignInFailed, find_identity
from domain.accounts.user import Identity, User
from domain.authorization import require
from domain.database.transaction import Session
from domain.errors import Refusal
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission

NOT_LET_IN = "You cannot be signed in by the identity provider."


class VerifiedIdentity(NamedTuple):
    """Somebody whom the provider `issuer` knows as `subject`, and whose e-mail address it has verified."""

    issuer: str
    subject: str
    email: str


class ProviderUnavailable(Refusal):
    """The identity provider does not answer, or not as one does."""

    code = "PROVIDER_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("The identity provider does not answer as it should; try again in a moment.")


class NoIdentityProvider(Refusal):
    """This installation was given no identity provider."""

    code = "NO_IDENTITY_PROVIDER"

    def __init__(self) -> None:
        super().__init__("No identity provider is configured here; sign in with a password.")


async def find_vouched(session: Session, vouched: VerifiedIdentity) -> Identity | None:
    """Whom the provider means: whoever is linked to its subject, else whoever has the e-mail address.

    Not somebody whom it knows by another subject: an address that was given to somebody new brings them nowhere.
    """
    linked = select(Identity).join(IdentityLink, IdentityLink.identity_id == Identity.id)
    known = linked.where(IdentityLink.issuer == vouched.issuer, IdentityLink.subject == vouched.subject)
    found = (await session.execute(known)).scalar_one_or_none()
    if found is not None:
        return found
    named = await find_identity(session, vouched.email)
    if named is None:
        return None
    other = exists().where(IdentityLink.issuer == vouched.issuer, IdentityLink.identity_id == named.id)
    return None if (await session.execute(select(other))).scalar_one() else named


async def link_identity(work: UnitOfWork, user_id: UUID, identity: Identity, vouched: VerifiedIdentity) -> None:
    """Remember by which subject the provider knows a person, and that the address is theirs.

    Where nobody had vouched for the address yet, the password goes and all sessions end: somebody else may have set it,
    by accepting an invitation. Declines SIGN_IN_FAILED where another link was made meanwhile.
    """
    made = insert(IdentityLink).values(issuer=vouched.issuer, subject=vouched.subject, identity_id=identity.id)
    new = await work.session.execute(made.on_conflict_do_nothing().returning(IdentityLink.identity_id))
    if new.scalar_one_or_none() is None:
        await _expect_link(work, identity, vouched)
        return
    unverified = update(Identity).where(Identity.id == identity.id, Identity.verified_at.is_(None))
    taken = unverified.values(verified_at=await work.clock(), password_hash=None, epoch=Identity.epoch + 1)
    ended = await work.session.execute(taken.returning(Identity.id).execution_options(synchronize_session=False))
    first = ended.scalar_one_or_none() is not None
    work.record(
        EventKind.IDENTITY_LINKED, "user", user_id, after={"issuer": vouched.issuer, "earlierSessionsEnded": first}
    )


async def _expect_link(work: UnitOfWork, identity: Identity, vouched: VerifiedIdentity) -> None:
    mine = exists().where(
        IdentityLink.issuer == vouched.issuer,
        IdentityLink.subject == vouched.subject,
        IdentityLink.identity_id == identity.id,
    )
    if not (await work.session.execute(select(mine))).scalar_one():
        raise SignInFailed(NOT_LET_IN)


async def unlink_identity(work: UnitOfWork, user_id: UUID) -> bool:
    """Forget by which subjects providers know a user: their next sign-in links anew. Whether there were any.

    For whoever got another subject, because the provider was changed or made them anew. Declines NOT_PERMITTED.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    whose = select(User.identity_id).where(User.account_id == work.account_id, User.id == user_id).scalar_subquery()
    forgotten = delete(IdentityLink).where(IdentityLink.identity_id == whose).returning(IdentityLink.issuer)
    issuers = sorted((await work.session.execute(forgotten)).scalars())
    if issuers:
        work.record(EventKind.IDENTITY_UNLINKED, "user", user_id, before={"issuers": issuers})
    return bool(issuers)
