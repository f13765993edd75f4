"""Deleting apps: its name stays readable for what it did, and nothing comes in by it any more (B32)."""

from uuid import UUID

from sqlalchemy import update

from domain.apps.app import AppSecret
from domain.apps.finders import lock_app
from domain.authorization import require
from domain.errors import expect_revision
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def delete_app(work: UnitOfWork, app_id: UUID, *, expected_revision: int | None = None) -> None:
    """Delete an app and revoke its secrets; what it did keeps its id. Declines NOT_PERMITTED, NOT_FOUND, CONFLICT."""
    require(work.actor, Permission.APP_MANAGE)
    app = await lock_app(work, app_id)
    expect_revision(app.revision, expected_revision)
    app.deleted_at, app.deleted_by = await work.clock(), work.actor.user_id
    app.revision += 1
    standing = update(AppSecret).where(
        AppSecret.account_id == work.account_id, AppSecret.app_id == app.id, AppSecret.revoked_at.is_(None)
    )
    revoked = standing.values(revoked_at=app.deleted_at).execution_options(synchronize_session=False)
    await work.session.execute(revoked)
    work.record(EventKind.APP_DELETED, "app", app.id, before={"name": app.name})
