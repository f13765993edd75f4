"""Custom roles as clients see them."""

import strawberry
from strawberry import ID

from domain import accounts
from schema.ids import Kind, global_id
from schema.node import Node


@strawberry.type(
    description="A role of the account's own: a named set of permissions. Who holds it is a viewer besides."
)
class CustomRole(Node):
    """A custom role, for who manages people and for who holds it."""

    name: str = strawberry.field(description="What it is called; unique in the account.")
    permissions: list[str] = strawberry.field(description="What it allows, such as ticket:write.")
    revision: int = strawberry.field(description="Grows with every change; pass it as `expectedRevision`.")

    @classmethod
    def of(cls, role: accounts.CustomRole) -> "CustomRole":
        """From a custom role; permissions that are none any more are left out."""
        permissions = sorted(each.value for each in accounts.givable(role.permissions))
        return cls(
            id=ID(global_id(Kind.ROLE, role.id)), name=role.name, permissions=permissions, revision=role.revision
        )
