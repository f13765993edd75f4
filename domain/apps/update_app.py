"""Updating an API app (B19, B32)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete

from domain.actor import AppReach
from domain.apps.app import AppPipeline
from domain.apps.app_rules import app_payload, check_listed, check_permissions, insert_listed
from domain.apps.finders import find_listed, lock_app
from domain.authorization import require
from domain.errors import expect_revision
from domain.events.event import EventKind
from domain.labels import clean_label
from domain.unit_of_work import UnitOfWork
from policies import Permission


@dataclass(frozen=True)
class AppChanges:
    """The fields of an app to change; None leaves a field as it is. `listed` are pipelines that a finder returned."""

    name: str | None = None
    permissions: Collection[str] | None = None
    reach: AppReach | None = None
    listed: Sequence[UUID] | None = None


async def update_app(
    work: UnitOfWork, app_id: UUID, changes: AppChanges, *, expected_revision: int | None = None
) -> None:
    """Change an app's name, permissions or reach, from its next request on (B19).

    Declines what `create_app` declines, NOT_FOUND, and CONFLICT. Permissions that the app has may stay; only an actor
    who has a permission can add it.
    """
    require(work.actor, Permission.APP_MANAGE)
    app = await lock_app(work, app_id)
    expect_revision(app.revision, expected_revision)
    listed = (await find_listed(work, [app.id])).get(app.id, [])
    before = app_payload(app, listed)
    if changes.name is not None:
        app.name = clean_label(changes.name, field=("name",))
    if changes.permissions is not None:
        app.permissions = check_permissions(work, changes.permissions, held=app.permissions)
    kept = listed if app.reach == AppReach.LISTED.value else None
    reach = changes.reach or AppReach(app.reach)
    pipelines = check_listed(reach, changes.listed, present=kept)
    after = before | app_payload(app, pipelines) | {"reach": reach.value}
    if after == before:
        return
    app.reach = reach.value
    await _replace(work, app.id, listed, pipelines)
    app.revision += 1
    changed = {each for each in after if after[each] != before[each]}
    work.record(
        EventKind.APP_UPDATED,
        "app",
        app.id,
        before={each: before[each] for each in changed},
        after={each: after[each] for each in changed},
    )


async def _replace(work: UnitOfWork, app_id: UUID, listed: Sequence[UUID], pipelines: Sequence[UUID]) -> None:
    gone = [each for each in listed if each not in pipelines]
    if gone:
        unlisted = delete(AppPipeline).where(
            AppPipeline.account_id == work.account_id, AppPipeline.app_id == app_id, AppPipeline.pipeline_id.in_(gone)
        )
        await work.session.execute(unlisted.execution_options(synchronize_session=False))
    insert_listed(work, app_id, [each for each in pipelines if each not in listed])
