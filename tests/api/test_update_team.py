"""updateTeam: the name and the members of a team (B19)."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.selections import TEAM
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"teamId": has.team, "name": "Navy", "members": [has.user, has.left]},
    budget=9,
    selects=f"team {{ {TEAM} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.team,
)


async def test_what_is_omitted_or_null_stays(api: Api, scenery: Scenery) -> None:
    client, shown = await api.client(scenery.world), "team { name members { id } }"
    before = (await client.do("updateTeam", shown, teamId=scenery.team))["team"]

    renamed = await client.do("updateTeam", shown, teamId=scenery.team, name="Navy", members=None)
    emptied = await client.do("updateTeam", shown, teamId=scenery.team, members=[])

    assert renamed["team"] == {"name": "Navy", "members": before["members"]}
    assert emptied["team"] == {"name": "Navy", "members": []}


async def test_an_unknown_team_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("updateTeam", teamId=unknown(Kind.TEAM), name="Navy")

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "teamId"])
