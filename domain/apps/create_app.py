"""Creating an API app with its first secret (B32)."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from domain import accounts
from domain.actor import AppReach
from domain.apps.adopt_app import lock_sponsor
from domain.apps.app import App
from domain.apps.app_rules import app_payload, check_listed, check_permissions, insert_listed
from domain.apps.secrets import DEFAULT_LIFETIME, NewSecret, issue_secret
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.unit_of_work import UnitOfWork
from policies import Permission

MOST_APPS = 100


async def create_app(
    work: UnitOfWork,
    *,
    name: str,
    permissions: Collection[str],
    reach: AppReach,
    listed: Sequence[UUID] | None = None,
    lifetime: timedelta = DEFAULT_LIFETIME,
) -> NewSecret:
    """Create an app sponsored by the actor, with its first secret, which is returned only once (B32).

    Declines NOT_PERMITTED unless the actor is a super admin and has the permissions; INVALID for no or unknown
    permissions, a list of pipelines that does not fit the reach, a lifetime out of bounds, and more than 100 apps.
    """
    require(work.actor, Permission.APP_MANAGE)
    await accounts.lock_account(work)
    sponsor_id = await lock_sponsor(work)
    await _require_room(work)
    made = App(
        account_id=work.account_id,
        id=new_id(),
        name=clean_label(name, field=("name",)),
        permissions=check_permissions(work, permissions, held=()),
        reach=reach.value,
        created_by=sponsor_id,
        sponsor_id=sponsor_id,
        created_at=await work.clock(),
        revision=1,
    )
    pipelines = check_listed(reach, listed, present=None)
    work.session.add(made)
    await work.session.flush()
    insert_listed(work, made.id, pipelines)
    after = app_payload(made, pipelines) | {"sponsor": str(sponsor_id)}
    work.record(EventKind.APP_CREATED, "app", made.id, after=after)
    return await issue_secret(work, made, lifetime)


async def _require_room(work: UnitOfWork) -> None:
    counted = select(func.count()).select_from(App).where(App.account_id == work.account_id, App.deleted_at.is_(None))
    if (await work.session.execute(counted)).scalar_one() >= MOST_APPS:
        raise Invalid(f"An account has at most {MOST_APPS} apps: delete one that is no longer used.")
