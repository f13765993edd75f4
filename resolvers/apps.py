"""API apps: finding them for super admins, and their mutations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain import accounts, apps, pipelines
from domain.actor import AppReach
from domain.apps import AppChanges, AppFacts
from domain.errors import Invalid, NotFound
from domain.unit_of_work import UnitOfWork
from policies import Permission
from resolvers.context import Context
from resolvers.mutation import Secret, issuing_mutation, mutation, plain_mutation
from resolvers.related import Includes, Related, load_related


@dataclass(frozen=True)
class AppsView:
    """Apps and their related data."""

    apps: Sequence[AppFacts]
    related: Related


async def list_apps(context: Context, includes: Includes) -> AppsView | None:
    """All apps of the account; None for viewers who may not manage apps."""
    async with context.reading() as work:
        if Permission.APP_MANAGE not in work.actor.permissions:
            return None
        return await view_of(work, await apps.list_apps(work), includes)


async def find_app(context: Context, app_id: UUID, includes: Includes) -> AppsView:
    """One app by id."""
    async with context.reading() as work:
        return await view_of(work, [await apps.find_app(work, app_id)], includes)


async def view_of(work: UnitOfWork, found: Sequence[AppFacts], includes: Includes) -> AppsView:
    """Apps with the pipelines listed for them and the names of those who made and sponsor them."""
    listed = {each for facts in found for each in facts.listed}
    visible = await pipelines.find_pipelines(work, listed) if listed else {}
    related = await load_related(work, includes, found=visible.values())
    people = {facts.app.created_by for facts in found} | {facts.app.sponsor_id for facts in found}
    related.names = {**related.names, **await accounts.find_names(work, people, ())}
    return AppsView(found, related)


@issuing_mutation(reread=find_app)
async def create_app(
    work: UnitOfWork,
    *,
    name: str,
    permissions: Sequence[str],
    reach: AppReach,
    listed: Sequence[UUID] | None,
    lifetime: timedelta,
) -> tuple[UUID, Secret]:
    """Create an app with its first secret."""
    await _check_visible(work, listed)
    secret = await apps.create_app(
        work, name=name, permissions=permissions, reach=reach, listed=listed, lifetime=lifetime
    )
    return secret.app_id, Secret(secret.token)


@mutation(reread=find_app)
async def update_app(work: UnitOfWork, *, app_id: UUID, changes: AppChanges, expected_revision: int | None) -> UUID:
    """Change the name, permissions and reach of an app."""
    await _check_visible(work, changes.listed)
    await apps.update_app(work, app_id, changes, expected_revision=expected_revision)
    return app_id


@issuing_mutation(reread=find_app)
async def rotate_app_secret(
    work: UnitOfWork, *, app_id: UUID, overlap: timedelta, lifetime: timedelta
) -> tuple[UUID, Secret]:
    """Give an app a new secret."""
    secret = await apps.rotate_app_secret(work, app_id, overlap=overlap, lifetime=lifetime)
    return secret.app_id, Secret(secret.token)


@mutation(reread=find_app)
async def revoke_app_secret(work: UnitOfWork, *, secret_id: UUID) -> UUID:
    """Revoke a secret at once."""
    return await apps.revoke_app_secret(work, secret_id)


@mutation(reread=find_app)
async def adopt_app(work: UnitOfWork, *, app_id: UUID, expected_revision: int | None) -> UUID:
    """Make the viewer the sponsor of an app."""
    await apps.adopt_app(work, app_id, expected_revision=expected_revision)
    return app_id


@plain_mutation
async def delete_app(work: UnitOfWork, *, app_id: UUID, expected_revision: int | None) -> UUID:
    """Delete an app."""
    await apps.delete_app(work, app_id, expected_revision=expected_revision)
    return app_id


async def _check_visible(work: UnitOfWork, listed: Sequence[UUID] | None) -> None:
    """Decline NOT_FOUND for a pipeline that the actor does not see, and INVALID for too many."""
    if listed is None:
        return
    if len(listed) > apps.MOST_LISTED:
        raise Invalid(f"At most {apps.MOST_LISTED} pipelines can be listed for an app.", field=("pipelineIds",))
    visible = await pipelines.find_pipelines(work, listed) if listed else {}
    for place, each in enumerate(listed):
        if each not in visible:
            raise NotFound("pipeline", field=("pipelineIds", str(place)))
