"""createTeam: a team of users (S11)."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import TEAM
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"name": "Green", "members": [has.user]},
    budget=7,
    selects=f"team {{ {TEAM} }}",
    least_role=Role.SUPER_ADMIN,
    edits=None,
)


async def test_a_team_has_its_name_and_members(api: Api, world: World) -> None:
    agent = gid(world.users[Role.AGENT])

    done = await (await api.client(world)).do(
        "createTeam", "team { name active members { id } }", name="Green", members=[agent]
    )

    assert done["userErrors"] == []
    assert done["team"] == {"name": "Green", "active": True, "members": [{"id": agent}]}


async def test_an_unknown_member_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("createTeam", name="Green", members=[unknown(Kind.USER)])

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "members"])


async def test_a_team_needs_a_name(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("createTeam", name=" ")

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "name"])
