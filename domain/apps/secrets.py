"""Secrets of API apps: their limits, and issuing one (B32)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from domain.accounts import BearerKind, make_token
from domain.apps.app import App, AppSecret
from domain.database.model import new_id
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork

DEFAULT_LIFETIME, LONGEST_LIFETIME = timedelta(days=365), timedelta(days=730)


class NewSecret(NamedTuple):
    """A new secret: its app, and the token itself, which cannot be read again."""

    app_id: UUID
    token: str


async def issue_secret(work: UnitOfWork, app: App, lifetime: timedelta, *, ending: Sequence[UUID] = ()) -> NewSecret:
    """Issue a secret for a locked app, beside older ones that expire with it. Declines lifetimes out of bounds."""
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
