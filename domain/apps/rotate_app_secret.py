"""Rotating the secret of an API app, with an overlap (B32)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, update

from domain.apps.app import AppSecret
from domain.apps.finders import lock_app
from domain.apps.secrets import DEFAULT_LIFETIME, NewSecret, issue_secret
from domain.authorization import require
from domain.errors import Invalid
from domain.unit_of_work import UnitOfWork
from policies import Permission

DEFAULT_OVERLAP, LONGEST_OVERLAP = timedelta(hours=24), timedelta(days=30)
MOST_IN_FORCE = 10


async def rotate_app_secret(
    work: UnitOfWork,
    app_id: UUID,
    *,
    overlap: timedelta = DEFAULT_OVERLAP,
    lifetime: timedelta = DEFAULT_LIFETIME,
) -> NewSecret:
    """Give an app a new secret; its present secrets expire after the overlap, at once if that is zero.

    Declines NOT_PERMITTED, NOT_FOUND, and INVALID for times out of bounds or too many valid secrets.
    """
    require(work.actor, Permission.APP_MANAGE)
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Invalid(f"The overlap is 0 to {LONGEST_OVERLAP // timedelta(hours=1)} hours.", field=("overlapHours",))
    app = await lock_app(work, app_id)
    now = await work.clock()
    valid = update(AppSecret).where(
        AppSecret.account_id == work.account_id,
        AppSecret.app_id == app.id,
        AppSecret.revoked_at.is_(None),
        AppSecret.expires_at > now,
    )
    ending = valid.values(expires_at=func.least(AppSecret.expires_at, now + overlap)).returning(AppSecret.id)
    older = (await work.session.execute(ending.execution_options(synchronize_session=False))).scalars().all()
    if overlap and len(older) >= MOST_IN_FORCE:
        raise Invalid(f"An app has at most {MOST_IN_FORCE} valid secrets: revoke one first.", field=("appId",))
    return await issue_secret(work, app, lifetime, ending=older)
