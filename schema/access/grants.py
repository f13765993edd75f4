"""Grants as clients send them: a level on a pipeline for a user or a team."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID, UNSET

from domain import access
from policies import Level
from schema.access.types import AccessLevel
from schema.ids import Kind, uuid_of
from schema.mutation import MutationInput
from schema.references import PipelineRef

UNTIL = "When the grant ends: a time in the future, with an offset such as Z; never unless given."
PLAN = "Requires the SUPER_ADMIN role, and PROFESSIONAL or higher unless it only restricts or removes access."


@strawberry.input(one_of=True, description="A user or a team.")
class GranteeRef:
    """Exactly one of both."""

    user_id: ID | None = strawberry.field(default=UNSET, description="The global id of a user.")
    team_id: ID | None = strawberry.field(default=UNSET, description="The global id of a team.")

    @property
    def user(self) -> UUID | None:
        """The user, if it is one."""
        return uuid_of(Kind.USER, self.user_id) if isinstance(self.user_id, str) else None

    @property
    def team(self) -> UUID | None:
        """The team, if it is one."""
        return uuid_of(Kind.TEAM, self.team_id) if isinstance(self.team_id, str) else None

    def at(self, level: AccessLevel, until: datetime | None) -> access.Grantee:
        """The grantee as the domain takes it, with a level and perhaps an end."""
        return access.Grantee(Level(level.value), self.user, self.team, until)


@strawberry.input
class PipelineAccessInput(MutationInput):
    """The fields of inputs that change the access to a pipeline."""

    pipeline: PipelineRef = strawberry.field(description="The pipeline.")
    expected_revision: int | None = strawberry.field(
        default=None,
        description="The `revision` of the access, not of the pipeline, that you read. If it has another one by now, "
        "nothing changes and the answer is CONFLICT.",
    )
