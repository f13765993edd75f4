"""users and teams: those to whom a ticket can be given, by name (settled choice 19)."""

from domain.accounts import Team, User, ensure_placeholders
from policies import Role
from tests.support import db_state
from tests.support.client import Api
from tests.support.ids import gid
from tests.support.world import World


async def test_active_users_are_listed_by_name_to_everybody(api: Api, world: World) -> None:
    client = await api.client(world, Role.VIEWER)

    users = (await client.run("{ users { id name email active } }"))["users"]

    names = ["Agent", "Second Agent", "Settings_Editor", "Super_Admin", "Viewer", "Workflow_Editor"]
    assert [user["name"] for user in users] == names
    assert {user["id"] for user in users} == {gid(user) for user in [*world.users.values(), world.second_agent]}
    assert all(user["active"] and user["email"] for user in users)


async def test_active_teams_are_listed_by_name_to_everybody(api: Api, world: World) -> None:
    client = await api.client(world, Role.VIEWER)

    teams = (await client.run("{ teams { id name active } }"))["teams"]

    assert teams == [{"id": gid(world.teams[name]), "name": name.title(), "active": True} for name in ("blue", "red")]


async def test_who_left_and_who_only_stands_in_are_left_out(api: Api, world: World) -> None:
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Agent'")
    await db_state.execute(world, "UPDATE team SET active = false WHERE name = 'Red'")
    async with world.acting(Role.OPERATOR) as work:
        await ensure_placeholders(work, User, "incidents", ["Resolver 17"])
        await ensure_placeholders(work, Team, "incidents", ["G42"])

    data = await (await api.client(world)).run("{ users { name } teams { name } }")

    assert "Agent" not in {user["name"] for user in data["users"]}
    assert len(data["users"]) == 5
    assert data["teams"] == [{"name": "Blue"}]


async def test_who_left_is_still_found_by_id(api: Api, world: World) -> None:
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Agent'")

    data = await (await api.client(world)).run(
        "query ($id: ID!) { node(id: $id) { ... on User { name active } } }", id=gid(world.users[Role.AGENT])
    )

    assert data["node"] == {"name": "Agent", "active": False}
