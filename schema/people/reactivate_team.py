"""reactivateTeam: an inactive team becomes active again."""

import strawberry

from resolvers import teams as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.team_payload import TeamInput, TeamPayload


@mutation_input(description="The team to reactivate.")
class ReactivateTeamInput(TeamInput):
    """An inactive team."""


@payload(description="The team that was reactivated.")
class ReactivateTeamPayload(TeamPayload):
    """Answer of reactivateTeam."""


@strawberry.mutation(
    description="Reactivate a team, with the members and grants that it has. Requires the SUPER_ADMIN role."
)
async def reactivate_team(info: Info, input: Input[ReactivateTeamInput]) -> ReactivateTeamPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID."""
    done = resolvers.reactivate_team(
        mutation_of(info, input), team_id=input.id, expected_revision=input.expected_revision
    )
    return await payload_of(ReactivateTeamPayload, done)
