"""The access to a pipeline as clients see it: its mode and its grants, for who manages them."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Protocol
from uuid import UUID

import strawberry

from domain import access
from policies import Level
from schema.accounts.types import Team, User
from schema.enums import AccessMode


@strawberry.enum(description="How near somebody may come to a pipeline: VIEW makes it and its tickets read-only.")
class AccessLevel(Enum):
    """The levels that a grant can give."""

    VIEW = Level.VIEW.value
    EDIT = Level.EDIT.value


class People(Protocol):
    """Where the names of users and teams are, once they were fetched."""

    def user(self, id: UUID | None) -> User | None:
        """A user whose name was fetched."""

    def team(self, id: UUID | None) -> Team | None:
        """A team whose name was fetched."""


@strawberry.type(description="VIEW or EDIT level on a pipeline for one user or one team.")
class AccessGrant:
    """A grant, for who manages access."""

    user: User | None = strawberry.field(description="The user; null when it is for a team.")
    team: Team | None = strawberry.field(description="The team; null when it is for a user.")
    level: AccessLevel = strawberry.field(description="How near they may come.")
    until: datetime | None = strawberry.field(description="When it ends; null when it does not.")
    granted_at: datetime = strawberry.field(description="When it was given.")
    granted_by: User | None = strawberry.field(description="Who gave it; null for the operator.")

    @classmethod
    def of(cls, grant: access.PipelineGrant, people: People) -> "AccessGrant":
        """From a grant as it is stored."""
        return cls(
            user=people.user(grant.user_id),
            team=people.team(grant.team_id),
            level=AccessLevel(grant.level),
            until=grant.until,
            granted_at=grant.granted_at,
            granted_by=people.user(grant.granted_by),
        )


@strawberry.type(description="Who may view and edit a pipeline.")
class PipelineAccess:
    """Mode and grants, for who manages access."""

    mode: AccessMode = strawberry.field(description="Who may come near in general.")
    created_by: User | None = strawberry.field(description="Who created the pipeline; null for the operator.")
    grants: list[AccessGrant] = strawberry.field(description="Kept under every mode; they count under RESTRICTED.")
    revision: int = strawberry.field(description="Grows with every change; pass it as `expectedRevision`.")

    @classmethod
    def of(cls, row: access.PipelineAccess, grants: Sequence[access.PipelineGrant], people: People) -> "PipelineAccess":
        """From what stands on a pipeline, with the names that were fetched around it."""
        return cls(
            mode=AccessMode(row.mode),
            created_by=people.user(row.created_by),
            grants=[AccessGrant.of(grant, people) for grant in grants],
            revision=row.revision,
        )
