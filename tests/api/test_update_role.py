"""updateRole: the name and the permissions of a custom role (B20)."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.selections import ROLE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"roleId": has.role, "name": "Sorting", "permissions": ["ticket:view"]},
    budget=7,
    selects=f"role {{ {ROLE} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.role,
)


async def test_what_is_omitted_stays(api: Api, scenery: Scenery) -> None:
    client, shown = await api.client(scenery.world), "role { name permissions }"
    before = (await client.do("updateRole", shown, roleId=scenery.role))["role"]

    renamed = await client.do("updateRole", shown, roleId=scenery.role, name="Sorting")
    narrowed = await client.do("updateRole", shown, roleId=scenery.role, permissions=["ticket:view"])

    assert renamed["role"] == {"name": "Sorting", "permissions": before["permissions"]}
    assert narrowed["role"] == {"name": "Sorting", "permissions": ["ticket:view"]}


async def test_two_roles_do_not_share_a_name(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)
    await client.do("createRole", name="Closing", permissions=["ticket:view"])

    declined = await client.refused("updateRole", roleId=scenery.role, name="Closing")

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "name"])


async def test_an_unknown_role_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("updateRole", roleId=unknown(Kind.ROLE), name="Sorting")

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "roleId"])
