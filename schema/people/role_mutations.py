"""Root fields that define custom roles."""

import strawberry
from strawberry import ID

from domain.accounts import CustomRole as Found
from resolvers import roles as resolvers
from schema.arguments import Input
from schema.ids import Kind, global_id, uuid_of
from schema.info import Info, once
from schema.people import inputs, payloads
from schema.people.roles import CustomRole
from schema.results import settle


@strawberry.type
class RoleMutation:
    """Mutations of custom roles; all need the super admin's role."""

    @strawberry.mutation(description="Define a role of the account's own. Needs ENTERPRISE.")
    async def create_role(self, info: Info, input: Input[inputs.CreateRoleInput]) -> payloads.CreateRolePayload:
        """Declines NOT_PERMITTED, PLAN_TOO_LOW, INVALID."""
        key = once(info, input, input.idempotency_key)
        return await settle(
            resolvers.create_role(info.context, key, name=input.name, permissions=input.permissions),
            lambda done: payloads.CreateRolePayload(role=_shape(done)),
            lambda errors: payloads.CreateRolePayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Rename a custom role, or let it allow exactly these permissions; it holds from its holders' next "
        "request on. Below ENTERPRISE permissions can be taken from it, and nothing else."
    )
    async def update_role(self, info: Info, input: Input[inputs.UpdateRoleInput]) -> payloads.UpdateRolePayload:
        """Declines NOT_PERMITTED, PLAN_TOO_LOW, NOT_FOUND, CONFLICT, INVALID (B20)."""
        doing = resolvers.update_role(
            info.context,
            once(info, input, input.idempotency_key),
            role_id=uuid_of(Kind.ROLE, input.role_id),
            name=input.name,
            permissions=input.permissions,
            expected_revision=input.expected_revision,
        )
        return await settle(
            doing,
            lambda done: payloads.UpdateRolePayload(role=_shape(done)),
            lambda errors: payloads.UpdateRolePayload(user_errors=errors),
        )

    @strawberry.mutation(description="Delete a custom role that nobody holds.")
    async def delete_role(self, info: Info, input: Input[inputs.DeleteRoleInput]) -> payloads.DeleteRolePayload:
        """Declines NOT_PERMITTED, NOT_FOUND, ROLE_IN_USE (B20)."""
        key = once(info, input, input.idempotency_key)
        return await settle(
            resolvers.delete_role(info.context, key, role_id=uuid_of(Kind.ROLE, input.role_id)),
            lambda gone: payloads.DeleteRolePayload(deleted_role_id=ID(global_id(Kind.ROLE, gone))),
            lambda errors: payloads.DeleteRolePayload(user_errors=errors),
        )


def _shape(found: Found | None) -> CustomRole | None:
    return CustomRole.of(found) if found else None
