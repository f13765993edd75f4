"""Adopting apps: another super admin answers for an app from now on (B32)."""

from uuid import UUID

from sqlalchemy import any_, select

from domain.accounts import User
from domain.apps.finders import lock_app
from domain.authorization import require
from domain.errors import NotPermitted, expect_revision
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role


async def adopt_app(work: UnitOfWork, app_id: UUID, *, expected_revision: int | None = None) -> None:
    """Make the acting super admin the app's sponsor, whether it was suspended or stood on somebody else.

    Its secrets stay as they are. Declines NOT_PERMITTED but for super admins, NOT_FOUND and CONFLICT.
    """
    require(work.actor, Permission.APP_MANAGE)
    sponsor_id = await lock_sponsor(work)
    app = await lock_app(work, app_id)
    expect_revision(app.revision, expected_revision)
    if app.sponsor_id == sponsor_id:
        return
    before = {"sponsor": str(app.sponsor_id) if app.sponsor_id else None}
    app.sponsor_id = sponsor_id
    app.revision += 1
    work.record(EventKind.APP_ADOPTED, "app", app.id, before=before, after={"sponsor": str(sponsor_id)})


async def lock_sponsor(work: UnitOfWork) -> UUID:
    """The acting user, held against being demoted until the unit ends: who is demoted at this moment sponsors nothing.

    Declines NOT_PERMITTED for whoever is no user, such as the operator, and for who was demoted just now.
    """
    still = (
        select(User.id)
        .where(User.account_id == work.account_id, User.id == work.actor.user_id)
        .where(User.active, any_(User.roles) == Role.SUPER_ADMIN.value)
    )
    sponsor_id = (await work.session.execute(still.with_for_update(read=True))).scalar_one_or_none()
    if sponsor_id is None:
        raise NotPermitted("An app stands on a super admin of the account.", permission=Permission.APP_MANAGE.value)
    return sponsor_id
