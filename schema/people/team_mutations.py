"""Root fields that change teams."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers import teams as resolvers
from schema.arguments import Input
from schema.ids import Kind, uuid_of
from schema.info import Info, includes_of, once
from schema.people import payloads
from schema.people import team_inputs as inputs
from schema.people.payloads import shape_team
from schema.results import settle


@strawberry.type
class TeamMutation:
    """Mutations of teams; all need the super admin's role."""

    @strawberry.mutation(description="Make a team of users of the account.")
    async def create_team(self, info: Info, input: Input[inputs.CreateTeamInput]) -> payloads.CreateTeamPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, INVALID (S11)."""
        doing = resolvers.create_team(
            info.context,
            once(info, input, input.idempotency_key),
            includes_of(info),
            name=input.name,
            members=_users(input.members),
        )
        return await settle(
            doing,
            lambda done: payloads.CreateTeamPayload(team=shape_team(done)),
            lambda errors: payloads.CreateTeamPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Rename a team, or put members in place of those that it had; what they reach by it holds from "
        "their next request on."
    )
    async def update_team(self, info: Info, input: Input[inputs.UpdateTeamInput]) -> payloads.UpdateTeamPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID (B19)."""
        team_id = uuid_of(Kind.TEAM, input.team_id)
        updating = resolvers.updating(
            team_id,
            name=input.name,
            members=None if input.members is None else _users(input.members),
            expected_revision=input.expected_revision,
        )
        key = once(info, input, input.idempotency_key)
        return await settle(
            resolvers.change_team(info.context, key, includes_of(info), team_id, updating),
            lambda done: payloads.UpdateTeamPayload(team=shape_team(done)),
            lambda errors: payloads.UpdateTeamPayload(user_errors=errors),
        )

    @strawberry.mutation(
        description="Let a team reach nothing and be given nothing more; its tickets, members and grants stay as they "
        "are, for when it is one again."
    )
    async def deactivate_team(
        self, info: Info, input: Input[inputs.DeactivateTeamInput]
    ) -> payloads.DeactivateTeamPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID (B19)."""
        team_id = uuid_of(Kind.TEAM, input.team_id)
        deactivating = resolvers.deactivating(team_id, input.expected_revision)
        key = once(info, input, input.idempotency_key)
        return await settle(
            resolvers.change_team(info.context, key, includes_of(info), team_id, deactivating),
            lambda done: payloads.DeactivateTeamPayload(team=shape_team(done)),
            lambda errors: payloads.DeactivateTeamPayload(user_errors=errors),
        )

    @strawberry.mutation(description="Let a team be one again, with the members and grants that it has.")
    async def reactivate_team(
        self, info: Info, input: Input[inputs.ReactivateTeamInput]
    ) -> payloads.ReactivateTeamPayload:
        """Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, INVALID."""
        team_id = uuid_of(Kind.TEAM, input.team_id)
        reactivating = resolvers.reactivating(team_id, input.expected_revision)
        key = once(info, input, input.idempotency_key)
        return await settle(
            resolvers.change_team(info.context, key, includes_of(info), team_id, reactivating),
            lambda done: payloads.ReactivateTeamPayload(team=shape_team(done)),
            lambda errors: payloads.ReactivateTeamPayload(user_errors=errors),
        )


def _users(ids: Sequence[ID]) -> list[UUID]:
    return [uuid_of(Kind.USER, each) for each in ids]
