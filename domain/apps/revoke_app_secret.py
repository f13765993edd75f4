"""Revoking a secret of an API app (B32)."""

from uuid import UUID

from sqlalchemy import select

from domain.apps.app import AppSecret
from domain.apps.finders import lock_app
from domain.authorization import require
from domain.errors import NotFound
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def revoke_app_secret(work: UnitOfWork, secret_id: UUID) -> UUID:
    """Revoke a secret at once and return the app's id; the next request with it is UNAUTHENTICATED.

    A secret that is revoked already stays as it is. Declines NOT_PERMITTED and NOT_FOUND.
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
