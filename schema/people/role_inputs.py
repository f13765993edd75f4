"""Roles and ticket scopes as clients send them."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from domain import actor, people
from policies import Role
from schema.accounts.types import UserRole
from schema.enums import Reach
from schema.ids import Kind, uuid_of

USER_NAME = "The name of the user in this account, at most 200 characters."


@strawberry.input(description="Which tickets of the visible pipelines a user may view, or edit.")
class TicketScopeInput:
    """A ticket scope (B21)."""

    reach: Reach = strawberry.field(description="How far the scope reaches.")
    unassigned: bool = strawberry.field(
        default=False, description="Whether the scope also has the tickets without an owner; ALL always has them."
    )

    def scope(self) -> actor.TicketScope:
        """The scope as the domain takes it."""
        return actor.TicketScope(self.reach, self.unassigned)


def roles_of(roles: Sequence[UserRole], custom_ids: Sequence[ID]) -> people.Roles:
    """Built-in and custom roles as the domain takes them."""
    custom: list[UUID] = [uuid_of(Kind.ROLE, each) for each in custom_ids]
    return people.Roles(frozenset(Role(role.value) for role in roles), frozenset(custom))
