"""createTeam: a team of users (S11)."""

import strawberry
from strawberry import ID

from resolvers import teams as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import MutationInput, mutation_input, mutation_of, payload, payload_of
from schema.people.team_payload import TeamPayload, users_of


@mutation_input(description="A new team.")
class CreateTeamInput(MutationInput):
    """A name and members."""

    name: str = strawberry.field(description="The name of the team, at most 200 characters.")
    members: list[ID] = strawberry.field(
        default_factory=list, description="The global ids of its members, at most 500."
    )


@payload(description="The team that was created.")
class CreateTeamPayload(TeamPayload):
    """Answer of createTeam."""


@strawberry.mutation(description="Create a team of users of the account. Requires the SUPER_ADMIN role.")
async def create_team(info: Info, input: Input[CreateTeamInput]) -> CreateTeamPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, INVALID (S11)."""
    creating = resolvers.create_team(mutation_of(info, input), name=input.name, members=users_of(input.members))
    return await payload_of(CreateTeamPayload, creating)
