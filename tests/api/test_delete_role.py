"""deleteRole: the end of a custom role that no user has (B20)."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"roleId": has.role},
    budget=6,
    selects="",
    least_role=Role.SUPER_ADMIN,
    edits=None,
)


async def test_a_role_that_no_user_has_is_deleted(api: Api, scenery: Scenery) -> None:
    done = await (await api.client(scenery.world)).do("deleteRole", "deletedRoleId", roleId=scenery.role)

    assert (done["userErrors"], done["deletedRoleId"]) == ([], scenery.role)


async def test_a_role_that_users_have_is_kept_and_the_refusal_counts_them(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)
    await client.do("setUserRoles", userId=scenery.user, roles=["AGENT"], customRoleIds=[scenery.role])

    declined = await client.refused("deleteRole", roleId=scenery.role)

    assert (declined["__typename"], declined["code"], declined["holders"]) == ("RoleInUseError", "ROLE_IN_USE", 1)


async def test_an_unknown_role_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("deleteRole", roleId=unknown(Kind.ROLE))

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "roleId"])
