"""deactivateTeam: the end of what a team gives access to (B19)."""

import strawberry

from resolvers import teams as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.team_payload import TeamInput, TeamPayload


@mutation_input(description="The team to deactivate.")
class DeactivateTeamInput(TeamInput):
    """An active team."""


@payload(description="The team that was deactivated.")
class DeactivateTeamPayload(TeamPayload):
    """Answer of deactivateTeam."""


@strawberry.mutation(
    description="Deactivate a team: it gives access to nothing and can be assigned nothing. Its tickets, members and "
    "grants are kept for when it is reactivated. Requires the SUPER_ADMIN role."
)
async def deactivate_team(info: Info, input: Input[DeactivateTeamInput]) -> DeactivateTeamPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID (B19)."""
    done = resolvers.deactivate_team(
        mutation_of(info, input), team_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(DeactivateTeamPayload, done)
