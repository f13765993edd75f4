"""customRoles: the custom roles of the account, for people managers."""

from policies import Role
from tests.support.client import Api
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(example=lambda _: {}, budget=1, selects="name permissions")


async def test_roles_are_listed_by_name(api: Api, world: World) -> None:
    client = await api.client(world)
    for name in ("Sorting", "Closing"):
        await client.do("createRole", name=name, permissions=["ticket:view"])

    listed = await client.run("{ customRoles { name permissions } }")

    assert listed["customRoles"] == [{"name": name, "permissions": ["ticket:view"]} for name in ("Closing", "Sorting")]


async def test_other_viewers_get_null(api: Api, world: World) -> None:
    assert (await (await api.client(world, Role.AGENT)).run("{ customRoles { name } }"))["customRoles"] is None
