"""updateTeam: the name and the members of a team (B19)."""

import strawberry
from strawberry import ID

from resolvers import teams as resolvers
from schema.arguments import Input
from schema.info import Info
from schema.mutation import mutation_input, mutation_of, payload, payload_of
from schema.people.team_payload import TeamInput, TeamPayload, users_of


@mutation_input(description="The fields of a team to change; omitted fields and null stay as they are.")
class UpdateTeamInput(TeamInput):
    """Name, members or both."""

    name: str | None = strawberry.field(default=None, description="The new name, at most 200 characters.")
    members: list[ID] | None = strawberry.field(
        default=None, description="The global ids of all members, in place of the present ones; at most 500."
    )


@payload(description="The team that was updated.")
class UpdateTeamPayload(TeamPayload):
    """Answer of updateTeam."""


@strawberry.mutation(
    description="Rename a team, or replace its members; what they may see and do by it changes from their next request "
    "on. Requires the SUPER_ADMIN role."
)
async def update_team(info: Info, input: Input[UpdateTeamInput]) -> UpdateTeamPayload:
    """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID (B19)."""
    updating = resolvers.update_team(
        mutation_of(info, input),
        team_id=input.id,
        name=input.name,
        members=None if input.members is None else users_of(input.members),
        expected_revision=input.expected_revision,
    )
    return await payload_of(UpdateTeamPayload, updating)
