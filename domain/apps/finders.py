"""Finding apps: those who manage them see all of the account, an app sees itself, and nobody else sees any (B32)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, func, select, true

from domain.accounts import User
from domain.actor import ActorKind
from domain.apps.app import App, AppPipeline, AppSecret
from domain.errors import NotFound, Path
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role

# How many secrets of an app are shown: more than can be in force at once.
MOST_SHOWN = 20


class SecretFacts(NamedTuple):
    """A secret as it is stored, and whether its time is over."""

    secret: AppSecret
    expired: bool


class AppFacts(NamedTuple):
    """An app with its newest secrets first and the pipelines listed for it.

    `sponsored` says whether it acts: its sponsor is an active super admin now.
    """

    app: App
    sponsored: bool
    secrets: Sequence[SecretFacts]
    listed: Sequence[UUID]


async def list_apps(work: UnitOfWork) -> list[AppFacts]:
    """Every standing app that the actor sees, by name; three statements, or none where the actor can see none."""
    seen = _seen(work)
    return [] if seen is None else await _find(work, seen)


async def find_apps(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, AppFacts]:
    """Standing apps that the actor sees, by id."""
    seen, wanted = _seen(work), set(ids)
    if seen is None or not wanted:
        return {}
    return {found.app.id: found for found in await _find(work, and_(seen, App.id.in_(wanted)))}


async def find_app(work: UnitOfWork, id: UUID, *, field: Path = ("appId",)) -> AppFacts:
    """One standing app that the actor sees, or NotFound."""
    found = (await find_apps(work, [id])).get(id)
    if found is None:
        raise NotFound("app", field=field)
    return found


async def find_secrets(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, SecretFacts]:
    """Secrets of the apps that the actor sees, by id."""
    seen, wanted = _seen(work), set(ids)
    if seen is None or not wanted:
        return {}
    statement = (
        select(AppSecret, AppSecret.expires_at <= func.now())
        .join(App, and_(App.account_id == AppSecret.account_id, App.id == AppSecret.app_id))
        .where(AppSecret.account_id == work.account_id, AppSecret.id.in_(wanted), App.deleted_at.is_(None), seen)
    )
    return {row[0].id: SecretFacts._make(row) for row in (await work.session.execute(statement)).all()}


async def find_names(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What apps are called, deleted ones too: for whoever sees what they did."""
    wanted = set(ids)
    if not wanted:
        return {}
    statement = select(App.id, App.name).where(App.account_id == work.account_id, App.id.in_(wanted))
    return {row.id: row.name for row in (await work.session.execute(statement)).all()}


async def lock_app(work: UnitOfWork, id: UUID, *, field: Path = ("appId",)) -> App:
    """A standing app of the account, held against every other change of it until the unit ends, or NotFound.

    For verbs, which have required what it takes to see all of them.
    """
    statement = select(App).where(App.account_id == work.account_id, App.id == id, App.deleted_at.is_(None))
    held = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = (await work.session.execute(held)).scalar_one_or_none()
    if found is None:
        raise NotFound("app", field=field)
    return found


async def find_listed(work: UnitOfWork, app_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The pipelines listed for apps, by app."""
    statement = select(AppPipeline).where(
        AppPipeline.account_id == work.account_id, AppPipeline.app_id.in_(set(app_ids))
    )
    listed: dict[UUID, list[UUID]] = {}
    for row in (await work.session.execute(statement.order_by(AppPipeline.pipeline_id))).scalars():
        listed.setdefault(row.app_id, []).append(row.pipeline_id)
    return listed


def _seen(work: UnitOfWork) -> ColumnElement[bool] | None:
    if Permission.APP_MANAGE in work.actor.permissions:
        return true()
    return App.id == work.actor.id if work.actor.kind is ActorKind.APP else None


async def _find(work: UnitOfWork, condition: ColumnElement[bool]) -> list[AppFacts]:
    rows = (await work.session.execute(_standing(work).where(condition))).all()
    ids = [app.id for app, _ in rows]
    if not ids:
        return []
    secrets, listed = await _secrets(work, ids), await find_listed(work, ids)
    return [AppFacts(app, sponsored, secrets.get(app.id, ()), listed.get(app.id, ())) for app, sponsored in rows]


def _standing(work: UnitOfWork) -> Select[App, bool]:
    acts = and_(User.active, any_(User.roles) == Role.SUPER_ADMIN.value)
    return (
        select(App, func.coalesce(acts, False))
        .outerjoin(User, and_(User.account_id == App.account_id, User.id == App.sponsor_id))
        .where(App.account_id == work.account_id, App.deleted_at.is_(None))
        .order_by(App.name, App.id)
    )


async def _secrets(work: UnitOfWork, app_ids: Sequence[UUID]) -> dict[UUID, list[SecretFacts]]:
    mine = AppSecret.account_id == work.account_id, AppSecret.app_id.in_(app_ids)
    newest = func.row_number().over(partition_by=AppSecret.app_id, order_by=AppSecret.id.desc())
    numbered = select(AppSecret.id, newest.label("place")).where(*mine).subquery()
    statement = (
        select(AppSecret, AppSecret.expires_at <= func.now())
        .join(numbered, numbered.c.id == AppSecret.id)
        .where(*mine, numbered.c.place <= MOST_SHOWN)
        .order_by(AppSecret.id.desc())
    )
    found: dict[UUID, list[SecretFacts]] = {}
    for row in (await work.session.execute(statement)).all():
        found.setdefault(row[0].app_id, []).append(SecretFacts._make(row))
    return found
