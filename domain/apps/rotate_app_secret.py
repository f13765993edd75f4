"""Secrets of apps: making one, replacing it with an overlap, and revoking it (B32)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update

from domain.accounts import BearerKind, make_token
from domain.apps.app import App, AppSecret
from domain.apps.finders import lock_app
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Invalid, NotFound
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission

DEFAULT_LIFETIME, LONGEST_LIFETIME = timedelta(days=365), timedelta(days=730)
DEFAULT_OVERLAP, LONGEST_OVERLAP = timedelta(hours=24), timedelta(days=30)
MOST_IN_FORCE = 10


class NewSecret(NamedTuple):
    """A secret just made: whose it is, and the token itself, which nobody can read again."""

    app_id: UUID
    token: str


async def rotate_secret(
    work: UnitOfWork,
    app_id: UUID,
    *,
    overlap: timedelta = DEFAULT_OVERLAP,
    lifetime: timedelta = DEFAULT_LIFETIME,
) -> NewSecret:
    """Give an app a new secret; those it has end after the overlap, at once where that is zero.

    Declines NOT_PERMITTED, NOT_FOUND, and INVALID for times out of bounds or too many secrets in force.
    """
    require(work.actor, Permission.APP_MANAGE)
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Invalid(f"The overlap is 0 to {LONGEST_OVERLAP // timedelta(hours=1)} hours.", field=("overlapHours",))
    app = await lock_app(work, app_id)
    now = await work.clock()
    standing = update(AppSecret).where(
        AppSecret.account_id == work.account_id,
        AppSecret.app_id == app.id,
        AppSecret.revoked_at.is_(None),
        AppSecret.expires_at > now,
    )
    ending = standing.values(expires_at=func.least(AppSecret.expires_at, now + overlap)).returning(AppSecret.id)
    older = (await work.session.execute(ending.execution_options(synchronize_session=False))).scalars().all()
    if overlap and len(older) >= MOST_IN_FORCE:
        raise Invalid(f"An app has at most {MOST_IN_FORCE} secrets in force: revoke one first.", field=("appId",))
    return await make_secret(work, app, lifetime, ending=older)


async def make_secret(work: UnitOfWork, app: App, lifetime: timedelta, *, ending: Sequence[UUID] = ()) -> NewSecret:
    """Make a secret of an app that a verb holds, beside older ones that end by it. Declines lifetimes out of bounds."""
    if not timedelta() < lifetime <= LONGEST_LIFETIME:
        raise Invalid(f"A secret lasts for 1 to {LONGEST_LIFETIME.days} days.", field=("expiresInDays",))
    token, secret_hash = make_token(work.account_id, BearerKind.APP)
    now = await work.clock()
    made = AppSecret(
        account_id=work.account_id,
        id=new_id(),
        app_id=app.id,
        secret_hash=secret_hash,
        created_by=work.actor.user_id,
        created_at=now,
        expires_at=now + lifetime,
    )
    work.session.add(made)
    after = {
        "secret": str(made.id),
        "expiresAt": made.expires_at.isoformat(),
        "ending": sorted(str(each) for each in ending),
    }
    work.record(EventKind.APP_SECRET_CREATED, "app", app.id, after=after)
    return NewSecret(app.id, token)


async def revoke_secret(work: UnitOfWork, secret_id: UUID) -> UUID:
    """End a secret at once; the app's next request by it is no longer let in. Answers with the app's id.

    One that was revoked before stays as it is. Declines NOT_PERMITTED and NOT_FOUND.
    """
    require(work.actor, Permission.APP_MANAGE)
    theirs = select(AppSecret).where(AppSecret.account_id == work.account_id, AppSecret.id == secret_id)
    secret = (await work.session.execute(theirs)).scalar_one_or_none()
    if secret is None:
        raise NotFound("secret", field=("secretId",))
    app = await lock_app(work, secret.app_id, field=("secretId",))
    await work.session.refresh(secret)
    if secret.revoked_at is None:
        secret.revoked_at = await work.clock()
        work.record(EventKind.APP_SECRET_REVOKED, "app", app.id, after={"secret": str(secret.id)})
    return app.id
