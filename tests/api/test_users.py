"""users: the active users of the account by name, who can own tickets (settled choice 19)."""

from domain.accounts import User, ensure_placeholders
from policies import Role
from tests.support import db_state
from tests.support.client import Api
from tests.support.ids import gid
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(example=lambda _: {}, budget=1, selects="id name")


async def test_active_users_are_listed_by_name_to_everybody(api: Api, world: World) -> None:
    client = await api.client(world, Role.VIEWER)

    users = (await client.run("{ users { id name email active } }"))["users"]

    names = ["Agent", "Second Agent", "Settings_Editor", "Super_Admin", "Viewer", "Workflow_Editor"]
    assert [user["name"] for user in users] == names
    assert {user["id"] for user in users} == {gid(user) for user in [*world.users.values(), world.second_agent]}
    assert all(user["active"] and user["email"] for user in users)


async def test_inactive_users_and_placeholders_are_left_out(api: Api, world: World) -> None:
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Agent'")
    async with world.acting(Role.OPERATOR) as work:
        await ensure_placeholders(work, User, "incidents", ["Resolver 17"])

    users = (await (await api.client(world)).run("{ users { name } }"))["users"]

    assert "Agent" not in {user["name"] for user in users}
    assert len(users) == 5


async def test_who_left_is_still_found_by_id(api: Api, world: World) -> None:
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Agent'")

    data = await (await api.client(world)).run(
        "query ($id: ID!) { node(id: $id) { ... on User { name active } } }", id=gid(world.users[Role.AGENT])
    )

    assert data["node"] == {"name": "Agent", "active": False}
