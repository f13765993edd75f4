"""setUserRoles: all roles of a user."""

from policies import Role, Tier
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import MEMBER
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"userId": has.user, "roles": ["AGENT", "VIEWER"], "customRoleIds": [has.role]},
    budget=13,
    selects=f"member {{ {MEMBER} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.user,
)


async def test_all_roles_are_replaced(api: Api, scenery: Scenery) -> None:
    done = await (await api.client(scenery.world)).do(
        "setUserRoles",
        "member { roles customRoles { id } }",
        userId=scenery.user,
        roles=["VIEWER"],
        customRoleIds=[scenery.role],
    )

    assert (done["userErrors"], done["member"]) == ([], {"roles": ["VIEWER"], "customRoles": [{"id": scenery.role}]})


async def test_the_last_super_admin_keeps_the_role(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused(
        "setUserRoles", userId=gid(world.users[Role.SUPER_ADMIN]), roles=["VIEWER"]
    )

    assert (declined["code"], declined["field"]) == ("LAST_SUPER_ADMIN", ["input", "userId"])


async def test_a_user_has_at_least_one_role(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("setUserRoles", userId=gid(world.users[Role.AGENT]), roles=[])

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "roles"])


async def test_below_enterprise_no_custom_role_is_added(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)
    await scenery.world.on(Tier.PROFESSIONAL)

    declined = await client.refused(
        "setUserRoles", userId=gid(scenery.world.users[Role.VIEWER]), roles=["VIEWER"], customRoleIds=[scenery.role]
    )

    assert (declined["code"], declined["needed"]) == ("PLAN_TOO_LOW", "ENTERPRISE")


async def test_an_unknown_user_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("setUserRoles", userId=unknown(Kind.USER), roles=["VIEWER"])

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "userId"])
