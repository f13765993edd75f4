"""What the mutations of teams take."""

import strawberry
from strawberry import ID

from schema.pipelines.inputs import KEY, REVISION

_TEAM = "The global id of the team."


@strawberry.input(description="What a new team is to be.")
class CreateTeamInput:
    """A name and members."""

    name: str = strawberry.field(description="What it is to be called, at most 200 characters.")
    members: list[ID] = strawberry.field(
        default_factory=list, description="The global ids of its members, at most 500."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What is to change of a team; what is left out, or null, stays.")
class UpdateTeamInput:
    """Name, members or both."""

    team_id: ID = strawberry.field(description=_TEAM)
    name: str | None = strawberry.field(default=None, description="What it is to be called, at most 200 characters.")
    members: list[ID] | None = strawberry.field(
        default=None, description="The global ids of all its members, in place of those there were; at most 500."
    )
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The team that is to reach nothing more.")
class DeactivateTeamInput:
    """An active team."""

    team_id: ID = strawberry.field(description=_TEAM)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The team that is to be one again.")
class ReactivateTeamInput:
    """An inactive team."""

    team_id: ID = strawberry.field(description=_TEAM)
    expected_revision: int | None = strawberry.field(default=None, description=REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
