"""viewer: who asks, in which account, with which roles and limits."""

import pytest

from policies import Permission, Role, Tier, permissions_of
from tests.support import db_state
from tests.support.app_actions import make_robot
from tests.support.client import Api
from tests.support.ids import gid
from tests.support.operations import Query
from tests.support.world import PEOPLE, World

OPERATION = Query(
    example=lambda _: {},
    budget=3,
    selects="user { name } roles account { name limits { pipelines { limit used } } }",
)


@pytest.mark.parametrize("role", PEOPLE)
async def test_everybody_hears_who_they_are(api: Api, world: World, role: Role) -> None:
    client = await api.client(world, role)

    data = await client.run(
        "{ viewer { user { id name email active } app { id } roles permissions account { slug } } }"
    )

    user = world.users[role]
    assert data["viewer"] == {
        "user": {"id": gid(user), "name": user.name, "email": user.email, "active": True},
        "app": None,
        "roles": [role.name],
        "permissions": sorted(permissions_of([role])),
        "account": {"slug": world.slug},
    }


async def test_several_roles_are_all_told(api: Api, world: World) -> None:
    roles = "'{WORKFLOW_EDITOR, AGENT}'"
    await db_state.execute(world, f"UPDATE account_user SET roles = {roles} WHERE name = 'Agent'")  # noqa: S608

    data = await (await api.client(world, Role.AGENT)).run("{ viewer { roles } }")

    assert data["viewer"]["roles"] == ["AGENT", "WORKFLOW_EDITOR"]


async def test_the_account_is_the_one_that_account_answers(api: Api, world: World) -> None:
    await world.on(Tier.STARTER)
    fields = "{ id name slug timeZone locale plan { serviceTier } limits { pipelines { limit used } } }"

    data = await (await api.client(world)).run(f"{{ viewer {{ account {fields} }} account {fields} }}")

    assert data["viewer"]["account"] == data["account"]


async def test_an_app_hears_what_it_is_and_may_do(api: Api, world: World) -> None:
    robot = await make_robot(world, Permission.TICKET_VIEW, Permission.PIPELINE_VIEW)

    data = await api.bearing(robot.token).run(
        "{ viewer { user { id } app { id name state } roles permissions account { slug } } }"
    )

    assert data["viewer"] == {
        "user": None,
        "app": {"id": robot.gid, "name": "Robot", "state": "ACTIVE"},
        "roles": [],
        "permissions": ["pipeline:view", "ticket:view"],
        "account": {"slug": world.slug},
    }
