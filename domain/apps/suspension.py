"""Suspending apps: what happens to a super admin's apps when they are demoted or leave (B32)."""

from uuid import UUID

from sqlalchemy import update

from domain.apps.app import App
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork


async def suspend_apps(work: UnitOfWork, sponsor_id: UUID) -> None:
    """Take the sponsor from every app that stood on this user; each stays suspended until a super admin adopts it.

    A part of the verbs that demote somebody or let them go, in their transaction; those have required what that takes.
    It declines nothing.
    """
    theirs = update(App).where(
        App.account_id == work.account_id, App.sponsor_id == sponsor_id, App.deleted_at.is_(None)
    )
    suspended = theirs.values(sponsor_id=None, revision=App.revision + 1).returning(App.id)
    statement = suspended.execution_options(synchronize_session=False)
    for app_id in sorted((await work.session.execute(statement)).scalars()):
        before, after = {"sponsor": str(sponsor_id)}, {"sponsor": None}
        work.record(EventKind.APP_SUSPENDED, "app", app_id, before=before, after=after)
