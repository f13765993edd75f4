"""What the mutations of one custom role have in common."""

from typing import Self

import strawberry

from domain.accounts import CustomRole as CustomRoleRow
from schema.mutation import Payload
from schema.people.roles import CustomRole

PERMISSIONS = (
    "The permissions of the role, at least one: of those that `permissions` lists as grantable and that the viewer has."
)


@strawberry.type
class RolePayload(Payload):
    """The fields of payloads that return one custom role."""

    role: CustomRole | None = strawberry.field(
        default=None, description="The custom role as it is now; null if the request was declined."
    )

    @classmethod
    def of(cls, role: CustomRoleRow | None) -> Self:
        """The role that was read again after the commit."""
        return cls(role=CustomRole.of(role) if role else None)
