"""An app at the door: reads the actor of a unit of work from an app's secret, in that unit's snapshot (B19, B32)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import any_, exists, func, select

from domain.accounts import STALE, Account, User, givable
from domain.actor import Actor, ActorKind, AppReach
from domain.apps.app import App, AppPipeline, AppSecret
from domain.database.transaction import Session
from domain.errors import Unauthenticated
from domain.unit_of_work import LoadActor
from policies import Role


def secret(account_id: UUID, secret_hash: bytes) -> LoadActor:
    """Admits the app whose secret this is, while it stands and its sponsor is an active super admin; else
    Unauthenticated.
    """

    async def admit(session: Session) -> Actor:
        listed = (
            select(func.array_agg(AppPipeline.pipeline_id))
            .where(AppPipeline.account_id == App.account_id, AppPipeline.app_id == App.id)
            .scalar_subquery()
        )
        statement = (
            select(App, Account, listed, AppSecret.id, AppSecret.last_used_at, func.now() - STALE)
            .join(AppSecret, (AppSecret.account_id == App.account_id) & (AppSecret.app_id == App.id))
            .join(Account, Account.id == App.account_id)
            .join(User, (User.account_id == App.account_id) & (User.id == App.sponsor_id))
            .where(AppSecret.account_id == account_id, AppSecret.secret_hash == secret_hash)
            .where(AppSecret.revoked_at.is_(None), AppSecret.expires_at > func.now(), App.deleted_at.is_(None))
            .where(User.active, any_(User.roles) == Role.SUPER_ADMIN.value)
        )
        row = (await session.execute(statement)).one_or_none()
        if row is None:
            raise Unauthenticated(guessed=not await _was_given(session, account_id, secret_hash))
        found, account, pipelines, secret_id, last_used_at, fresh = row
        return _actor(found, account, pipelines, secret_id, use_is_stale=last_used_at is None or last_used_at < fresh)

    return admit


async def _was_given(session: Session, account_id: UUID, secret_hash: bytes) -> bool:
    """Whether an app was given this secret, and may no longer come in by it: that is no guess."""
    given = exists().where(AppSecret.account_id == account_id, AppSecret.secret_hash == secret_hash)
    return (await session.execute(select(given))).scalar_one()


def _actor(
    found: App, account: Account, pipelines: Sequence[UUID] | None, secret_id: UUID, *, use_is_stale: bool
) -> Actor:
    return Actor(
        account_id=account.id,
        kind=ActorKind.APP,
        id=found.id,
        roles=frozenset(),
        plan=account.plan,
        token_id=secret_id,
        given=givable(found.permissions),
        reach=AppReach(found.reach),
        listed=frozenset(pipelines or ()),
        use_is_stale=use_is_stale,
    )
