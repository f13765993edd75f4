"""Registering apps: what each is called, what it may do and which pipelines it reaches (B32)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from domain import accounts
from domain.actor import AppReach
from domain.apps.adopt_app import lock_sponsor
from domain.apps.app import App, AppPipeline
from domain.apps.finders import find_listed, lock_app
from domain.apps.rotate_app_secret import DEFAULT_LIFETIME, NewSecret, make_secret
from domain.authorization import require
from domain.database.model import Json, new_id
from domain.errors import Invalid, NotPermitted, expect_revision
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.unit_of_work import UnitOfWork
from policies import Permission, may_be_given

MOST_APPS = 100
MOST_LISTED = 500


@dataclass(frozen=True)
class AppChanges:
    """What is to change of an app; None leaves it as it is. `listed` are pipelines that a finder has shown."""

    name: str | None = None
    permissions: Collection[str] | None = None
    reach: AppReach | None = None
    listed: Sequence[UUID] | None = None


async def create_app(
    work: UnitOfWork,
    *,
    name: str,
    permissions: Collection[str],
    reach: AppReach,
    listed: Sequence[UUID] | None = None,
    lifetime: timedelta = DEFAULT_LIFETIME,
) -> NewSecret:
    """Make an app that stands on the actor, with its first secret, which is shown this once (B32).

    Declines NOT_PERMITTED but for super admins, and for permissions that the actor does not hold; INVALID for no or
    unknown permissions, for a list of pipelines that does not belong to the reach, for a secret that would never end,
    and for more than 100 apps.
    """
    require(work.actor, Permission.APP_MANAGE)
    await accounts.lock_account(work)
    sponsor_id = await lock_sponsor(work)
    await _require_room(work)
    made = App(
        account_id=work.account_id,
        id=new_id(),
        name=clean_label(name, field=("name",)),
        permissions=_check_permissions(work, permissions, held=()),
        reach=reach.value,
        created_by=sponsor_id,
        sponsor_id=sponsor_id,
        created_at=await work.clock(),
        revision=1,
    )
    pipelines = _check_list(reach, listed, standing=None)
    work.session.add(made)
    await work.session.flush()
    _list(work, made.id, pipelines)
    after = _facts(made, pipelines) | {"sponsor": str(sponsor_id)}
    work.record(EventKind.APP_CREATED, "app", made.id, after=after)
    return await make_secret(work, made, lifetime)


async def update_app(
    work: UnitOfWork, app_id: UUID, changes: AppChanges, *, expected_revision: int | None = None
) -> None:
    """Change an app's name, permissions or reach; it holds from its next request on (B19).

    Declines as `create_app` does, NOT_FOUND, and CONFLICT. What it has already may stay, whoever gave it; to widen it
    takes somebody who holds what is given.
    """
    require(work.actor, Permission.APP_MANAGE)
    app = await lock_app(work, app_id)
    expect_revision(app.revision, expected_revision)
    standing = (await find_listed(work, [app.id])).get(app.id, [])
    before = _facts(app, standing)
    if changes.name is not None:
        app.name = clean_label(changes.name, field=("name",))
    if changes.permissions is not None:
        app.permissions = _check_permissions(work, changes.permissions, held=app.permissions)
    kept = standing if app.reach == AppReach.LISTED.value else None
    reach = changes.reach or AppReach(app.reach)
    pipelines = _check_list(reach, changes.listed, standing=kept)
    after = before | _facts(app, pipelines) | {"reach": reach.value}
    if after == before:
        return
    app.reach = reach.value
    await _replace(work, app.id, standing, pipelines)
    app.revision += 1
    changed = {each for each in after if after[each] != before[each]}
    work.record(
        EventKind.APP_UPDATED,
        "app",
        app.id,
        before={each: before[each] for each in changed},
        after={each: after[each] for each in changed},
    )


def list_own(work: UnitOfWork, pipeline_id: UUID) -> None:
    """Let an app whose reach is LISTED reach a pipeline that it just created; nothing for anybody else.

    A part of creating a pipeline, whose event tells of it.
    """
    if work.actor.reach is AppReach.LISTED and work.actor.id is not None:
        _list(work, work.actor.id, [pipeline_id])


def _check_permissions(work: UnitOfWork, names: Collection[str], *, held: Collection[str]) -> list[str]:
    """In the order of the law, each once. What the app has already (`held`) is not given anew."""
    givable = [each for each in Permission if may_be_given(each)]
    unknown = set(names) - {each.value for each in givable}
    if unknown or not names:
        text = ", ".join(each.value for each in givable)
        raise Invalid(f"An app takes at least one permission, each of these: {text}.", field=("permissions",))
    wanted = [each for each in givable if each.value in set(names)]
    for each in wanted:
        if each not in work.actor.permissions and each.value not in held:
            raise NotPermitted(
                f"You cannot give {each.value}, which you do not hold.",
                field=("permissions",),
                permission=each.value,
            )
    return [each.value for each in wanted]


def _check_list(reach: AppReach, listed: Sequence[UUID] | None, *, standing: Sequence[UUID] | None) -> list[UUID]:
    """The pipelines to list: those given, or else those that stand."""
    if reach is not AppReach.LISTED:
        if listed:
            raise Invalid("Pipelines are listed for the reach LISTED only.", field=("pipelineIds",))
        return []
    if listed is None and standing is None:
        raise Invalid("Say which pipelines it reaches; the list may be empty.", field=("pipelineIds",))
    pipelines = sorted(set(listed if listed is not None else standing or ()))
    if len(pipelines) > MOST_LISTED:
        raise Invalid(f"At most {MOST_LISTED} pipelines can be listed for an app.", field=("pipelineIds",))
    return pipelines


async def _require_room(work: UnitOfWork) -> None:
    counted = select(func.count()).select_from(App).where(App.account_id == work.account_id, App.deleted_at.is_(None))
    if (await work.session.execute(counted)).scalar_one() >= MOST_APPS:
        raise Invalid(f"An account has at most {MOST_APPS} apps: delete one that is no longer used.")


async def _replace(work: UnitOfWork, app_id: UUID, standing: Sequence[UUID], pipelines: Sequence[UUID]) -> None:
    gone = [each for each in standing if each not in pipelines]
    if gone:
        unlisted = delete(AppPipeline).where(
            AppPipeline.account_id == work.account_id, AppPipeline.app_id == app_id, AppPipeline.pipeline_id.in_(gone)
        )
        await work.session.execute(unlisted.execution_options(synchronize_session=False))
    _list(work, app_id, [each for each in pipelines if each not in standing])


def _list(work: UnitOfWork, app_id: UUID, pipelines: Sequence[UUID]) -> None:
    work.session.add_all(AppPipeline(account_id=work.account_id, app_id=app_id, pipeline_id=each) for each in pipelines)


def _facts(app: App, pipelines: Sequence[UUID]) -> Json:
    return {
        "name": app.name,
        "permissions": app.permissions,
        "reach": app.reach,
        "pipelines": [str(each) for each in pipelines],
    }
