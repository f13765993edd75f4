"""Root fields that change API apps."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from domain.apps import AppChanges
from resolvers import apps as resolvers
from schema.apps import inputs, payloads
from schema.apps.payloads import shape_app
from schema.arguments import Input
from schema.ids import Kind, global_id, uuid_of
from schema.info import Info, includes_of, once
from schema.results import settle


@strawberry.type
class AppMutation:
    """Mutations of API apps; each needs the super admin's role."""

    @strawberry.mutation(
        description="Make an API app that acts as itself, with its first secret. It stands on the viewer: should they "
        "be no super admin any more, it is suspended until a super admin adopts it. At most 100 in an account."
    )
    async def create_app(self, info: Info, input: Input[inputs.CreateAppInput]) -> payloads.CreateAppPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, INVALID (B32)."""
        doing = resolvers.create_app(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            name=input.name,
            permissions=input.permissions,
            reach=input.reach,
            listed=_pipelines(input.pipeline_ids),
            lifetime=inputs.span(days=input.expires_in_days),
        )
        return await settle(
            doing,
            lambda done: payloads.CreateAppPayload(app=shape_app(done.view), secret=done.token),
            lambda errors: payloads.CreateAppPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Change an API app; it holds from the app's next request on.")
    async def update_app(self, info: Info, input: Input[inputs.UpdateAppInput]) -> payloads.UpdateAppPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID (B32)."""
        changes = AppChanges(input.name, input.permissions, input.reach, _pipelines(input.pipeline_ids))
        doing = resolvers.update_app(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            app_id=uuid_of(Kind.APP, input.app_id),
            changes=changes,
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.UpdateAppPayload(app=shape_app(done)),
            lambda errors: payloads.UpdateAppPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Give an API app a new secret. Those that it has stay in force for an overlap, a day unless said "
        "otherwise, so that the app can be switched over without a gap; at most 10 are in force at once."
    )
    async def rotate_app_secret(
        self, info: Info, input: Input[inputs.RotateAppSecretInput]
    ) -> payloads.RotateAppSecretPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, INVALID (B32)."""
        doing = resolvers.rotate_app_secret(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            app_id=uuid_of(Kind.APP, input.app_id),
            overlap=inputs.span(hours=input.overlap_hours),
            lifetime=inputs.span(days=input.expires_in_days),
        )
        return await settle(
            doing,
            lambda done: payloads.RotateAppSecretPayload(app=shape_app(done.view), secret=done.token),
            lambda errors: payloads.RotateAppSecretPayload(user_errors=errors),
        )

    @strawberry.mutation(description="End a secret of an API app at once.")
    async def revoke_app_secret(
        self, info: Info, input: Input[inputs.RevokeAppSecretInput]
    ) -> payloads.RevokeAppSecretPayload:
        """Declines NOT_PERMITTED, NOT_FOUND (B32)."""
        doing = resolvers.revoke_app_secret(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            secret_id=uuid_of(Kind.APP_SECRET, input.secret_id),
        )
        return await settle(
            doing,
            lambda done: payloads.RevokeAppSecretPayload(app=shape_app(done)),
            lambda errors: payloads.RevokeAppSecretPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Let an API app stand on the viewer from now on, which ends its suspension. Its secrets stay as "
        "they are: whoever knew one still does, so give it a new one with an overlap of 0 where that matters."
    )
    async def adopt_app(self, info: Info, input: Input[inputs.AdoptAppInput]) -> payloads.AdoptAppPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT (B32)."""
        doing = resolvers.adopt_app(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            app_id=uuid_of(Kind.APP, input.app_id),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.AdoptAppPayload(app=shape_app(done)),
            lambda errors: payloads.AdoptAppPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Delete an API app: its secrets end at once, and what it did stays as it is.")
    async def delete_app(self, info: Info, input: Input[inputs.DeleteAppInput]) -> payloads.DeleteAppPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT (B32)."""
        doing = resolvers.delete_app(
            info.context,
            once(info, input, input.idempotency_key),
            app_id=uuid_of(Kind.APP, input.app_id),
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda gone: payloads.DeleteAppPayload(deleted_app_id=ID(global_id(Kind.APP, gone))),
            lambda errors: payloads.DeleteAppPayload(user_errors=errors),
        )


def _pipelines(ids: Sequence[ID] | None) -> list[UUID] | None:
    return None if ids is None else [uuid_of(Kind.PIPELINE, each) for each in ids]
