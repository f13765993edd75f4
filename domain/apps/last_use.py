"""Using a secret: when, and from where, an app came in last (B18, B32)."""

from sqlalchemy import or_, update

from domain.accounts import STALE
from domain.actor import ActorKind
from domain.apps.app import AppSecret
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork


async def note_use(work: UnitOfWork) -> None:
    """Write down that the acting app came in by its secret; for units whose actor says that this is due.

    Of several requests at once only one writes, and nothing is written for whoever is no app. It declines nothing.
    """
    actor = work.actor
    if actor.kind is not ActorKind.APP or actor.id is None:
        return
    now = await work.clock()
    due = or_(AppSecret.last_used_at.is_(None), AppSecret.last_used_at < now - STALE)
    used = update(AppSecret).where(AppSecret.account_id == work.account_id, AppSecret.id == actor.token_id, due)
    noted = used.values(last_used_at=now, last_used_address=work.address).returning(AppSecret.id)
    statement = noted.execution_options(synchronize_session=False)
    if (await work.session.execute(statement)).scalar_one_or_none() is not None:
        work.record(EventKind.APP_USED, "app", actor.id, after={"secret": str(actor.token_id)})
