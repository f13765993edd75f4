"""apps: the API apps of the account, for those who manage them."""

import pytest

from policies import Permission, Role
from tests.support.app_actions import make_robot
from tests.support.client import Api
from tests.support.operations import Query
from tests.support.selections import APP
from tests.support.world import PEOPLE, World

OPERATION = Query(
    example=lambda _: {},
    budget=5,
    selects=APP,
)


APPS = "{ apps { name state lastUsedAt secrets { state lastUsedAt lastUsedAddress } } }"


async def test_super_admins_see_all_apps_by_name(api: Api, world: World) -> None:
    await make_robot(world, name="Zoe")
    await make_robot(world, name="Abe")

    apps = (await (await api.client(world)).run(APPS))["apps"]

    assert [each["name"] for each in apps] == ["Abe", "Zoe"]


async def test_when_and_from_where_an_app_came_in_last_is_shown(api: Api, world: World) -> None:
    robot = await make_robot(world)
    client = await api.client(world)
    (before,) = (await client.run(APPS))["apps"]

    await api.bearing(robot.token).run("{ account { id } }")

    (after,) = (await client.run(APPS))["apps"]
    assert before["lastUsedAt"] is None
    assert after["lastUsedAt"] == after["secrets"][0]["lastUsedAt"] is not None
    assert after["secrets"][0]["lastUsedAddress"] == "192.0.2.1"


@pytest.mark.parametrize("role", [role for role in PEOPLE if role is not Role.SUPER_ADMIN])
async def test_nobody_else_sees_apps(api: Api, world: World, role: Role) -> None:
    await make_robot(world)

    assert await (await api.client(world, role)).run(APPS) == {"apps": None}


async def test_an_app_does_not_see_apps(api: Api, world: World) -> None:
    robot = await make_robot(world, Permission.PIPELINE_VIEW)

    assert await api.bearing(robot.token).run(APPS) == {"apps": None}
