"""API apps: finding them for who manages them, and changing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain import accounts, apps, pipelines
from domain.actor import AppReach
from domain.apps import AppChanges, AppFacts
from domain.errors import Invalid, NotFound
from domain.idempotency import IdempotentRequest
from domain.unit_of_work import UnitOfWork
from policies import Permission
from resolvers.context import Context, reread
from resolvers.related import Includes, Related, load_related


@dataclass(frozen=True)
class AppsView:
    """Apps, and what is shown around them."""

    apps: Sequence[AppFacts]
    related: Related


@dataclass(frozen=True)
class MadeSecret:
    """The app that a secret was made for, and the secret itself, which a replay does not show again."""

    view: AppsView | None
    token: str | None


async def list_apps(context: Context, includes: Includes) -> AppsView | None:
    """All apps of the account; None for who does not manage them."""
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
    seen = await pipelines.find_pipelines(work, listed) if listed else {}
    related = await load_related(work, includes, found=seen.values())
    people = {facts.app.created_by for facts in found} | {facts.app.sponsor_id for facts in found}
    related.names = {**related.names, **await accounts.find_names(work, people, ())}
    return AppsView(found, related)


async def create_app(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    name: str,
    permissions: Sequence[str],
    reach: AppReach,
    listed: Sequence[UUID] | None,
    lifetime: timedelta,
) -> MadeSecret:
    """Make an app with its first secret."""
    tokens: list[str] = []

    async def verb(work: UnitOfWork) -> UUID:
        seen = await _seen(work, listed)
        made = await apps.create_app(
            work, name=name, permissions=permissions, reach=reach, listed=seen, lifetime=lifetime
        )
        tokens.append(made.token)
        return made.app_id

    return await _made(context, await context.perform(once, verb), includes, tokens)


async def update_app(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    app_id: UUID,
    changes: AppChanges,
    expected_revision: int | None,
) -> AppsView | None:
    """Change what an app is called, may do and reaches."""

    async def verb(work: UnitOfWork) -> UUID:
        await _seen(work, changes.listed)
        await apps.update_app(work, app_id, changes, expected_revision=expected_revision)
        return app_id

    return await reread(find_app(context, await context.perform(once, verb), includes))


async def rotate_app_secret(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    app_id: UUID,
    overlap: timedelta,
    lifetime: timedelta,
) -> MadeSecret:
    """Give an app a new secret."""
    tokens: list[str] = []

    async def verb(work: UnitOfWork) -> UUID:
        made = await apps.rotate_secret(work, app_id, overlap=overlap, lifetime=lifetime)
        tokens.append(made.token)
        return made.app_id

    return await _made(context, await context.perform(once, verb), includes, tokens)


async def revoke_app_secret(
    context: Context, once: IdempotentRequest, includes: Includes, *, secret_id: UUID
) -> AppsView | None:
    """End a secret at once."""

    async def verb(work: UnitOfWork) -> UUID:
        return await apps.revoke_secret(work, secret_id)

    return await reread(find_app(context, await context.perform(once, verb), includes))


async def adopt_app(
    context: Context, once: IdempotentRequest, includes: Includes, *, app_id: UUID, expected_revision: int | None
) -> AppsView | None:
    """Let an app stand on the viewer."""

    async def verb(work: UnitOfWork) -> UUID:
        await apps.adopt_app(work, app_id, expected_revision=expected_revision)
        return app_id

    return await reread(find_app(context, await context.perform(once, verb), includes))


async def delete_app(context: Context, once: IdempotentRequest, *, app_id: UUID, expected_revision: int | None) -> UUID:
    """Delete an app."""

    async def verb(work: UnitOfWork) -> UUID:
        await apps.delete_app(work, app_id, expected_revision=expected_revision)
        return app_id

    return await context.perform(once, verb)


async def _made(context: Context, app_id: UUID, includes: Includes, tokens: Sequence[str]) -> MadeSecret:
    view = await reread(find_app(context, app_id, includes))
    return MadeSecret(view, tokens[0] if tokens else None)


async def _seen(work: UnitOfWork, listed: Sequence[UUID] | None) -> Sequence[UUID] | None:
    """The same pipelines, all of which the actor sees; else NotFound."""
    if listed is None:
        return None
    if len(listed) > apps.MOST_LISTED:
        raise Invalid(f"At most {apps.MOST_LISTED} pipelines can be listed for an app.", field=("pipelineIds",))
    seen = await pipelines.find_pipelines(work, listed) if listed else {}
    for place, each in enumerate(listed):
        if each not in seen:
            raise NotFound("pipeline", field=("pipelineIds", str(place)))
    return listed
