"""teams: the active teams of the account by name, who can own tickets (settled choice 19)."""

from domain.accounts import Team, ensure_placeholders
from policies import Role
from tests.support import db_state
from tests.support.client import Api
from tests.support.ids import gid
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(example=lambda _: {}, budget=1, selects="id name")


async def test_active_teams_are_listed_by_name_to_everybody(api: Api, world: World) -> None:
    client = await api.client(world, Role.VIEWER)

    teams = (await client.run("{ teams { id name active } }"))["teams"]

    assert teams == [{"id": gid(world.teams[name]), "name": name.title(), "active": True} for name in ("blue", "red")]


async def test_inactive_teams_and_placeholders_are_left_out(api: Api, world: World) -> None:
    await db_state.execute(world, "UPDATE team SET active = false WHERE name = 'Red'")
    async with world.acting(Role.OPERATOR) as work:
        await ensure_placeholders(work, Team, "incidents", ["G42"])

    assert (await (await api.client(world)).run("{ teams { name } }"))["teams"] == [{"name": "Blue"}]
