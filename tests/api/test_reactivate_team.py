"""reactivateTeam: an inactive team becomes active again."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.selections import TEAM
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"teamId": has.idle_team},
    budget=6,
    selects=f"team {{ {TEAM} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.idle_team,
)


async def test_the_team_is_active_and_keeps_its_members(api: Api, scenery: Scenery) -> None:
    client, shown = await api.client(scenery.world), "team { active members { id } }"
    before = (await client.do("updateTeam", shown, teamId=scenery.idle_team, members=[scenery.user]))["team"]

    done = await client.do("reactivateTeam", shown, teamId=scenery.idle_team)

    assert (done["userErrors"], done["team"]) == ([], {"active": True, "members": before["members"]})


async def test_an_active_team_is_declined(api: Api, scenery: Scenery) -> None:
    declined = await (await api.client(scenery.world)).refused("reactivateTeam", teamId=scenery.team)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "teamId"])


async def test_an_unknown_team_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("reactivateTeam", teamId=unknown(Kind.TEAM))

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "teamId"])
