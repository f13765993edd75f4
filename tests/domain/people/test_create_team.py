"""Creating a team (S11)."""

from uuid import UUID

from sqlalchemy import select

from domain import people
from domain.accounts import TeamMember
from policies import Role
from tests.support import db_state
from tests.support.world import World


async def members_of(world: World, team_id: UUID) -> set[UUID]:
    return {row.user_id for row in await db_state.rows(world, select(TeamMember).where(TeamMember.team_id == team_id))}


async def test_a_team_is_made_with_members(world: World) -> None:
    agent = world.users[Role.AGENT].id

    async with world.acting(Role.SUPER_ADMIN) as work:
        made = await people.create_team(work, name="Green", members=[agent, agent])

    assert await members_of(world, made) == {agent}
