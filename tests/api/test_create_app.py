"""createApp: an API app with permissions of its own, and its first secret."""

from datetime import UTC, datetime, timedelta

import pytest

from policies import Role
from schema.ids import Kind
from tests.support.app_actions import GIVABLE
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import APP
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "name": "Robot",
        "permissions": ["pipeline:view", "ticket:view"],
        "reach": "LISTED",
        "pipelineIds": [has.pipeline],
    },
    budget=14,
    selects=f"app {{ {APP} }}",
    least_role=Role.SUPER_ADMIN,
    edits=None,
)


APP = """app { id name permissions reach pipelines { id label } state sponsor { id } createdBy { id }
  createdAt lastUsedAt secrets { id createdAt expiresAt lastUsedAt lastUsedAddress state } revision }"""
ROBOT = {"name": "Robot", "permissions": ["ticket:view", "pipeline:view"], "reach": "ALL"}


async def test_an_app_is_made_and_its_secret_lets_it_in(api: Api, world: World) -> None:
    client = await api.client(world)

    made = await client.do("createApp", f"secret {APP}", **ROBOT)

    app, admin = made["app"], {"id": gid(world.users[Role.SUPER_ADMIN])}
    assert made["userErrors"] == []
    assert (app["name"], app["permissions"], app["reach"]) == ("Robot", ["pipeline:view", "ticket:view"], "ALL")
    assert (app["state"], app["sponsor"], app["createdBy"], app["revision"]) == ("ACTIVE", admin, admin, 1)
    (secret,) = app["secrets"]
    assert (secret["state"], secret["lastUsedAt"], secret["lastUsedAddress"]) == ("ACTIVE", None, None)
    ends = datetime.fromisoformat(secret["expiresAt"]) - datetime.now(UTC)
    assert timedelta(days=364) < ends <= timedelta(days=365)
    robot = api.bearing(made["secret"])
    assert (await robot.run("{ viewer { app { id } } }"))["viewer"]["app"]["id"] == app["id"]


async def test_the_reach_listed_takes_pipelines(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)
    given = {**ROBOT, "reach": "LISTED", "pipelineIds": [scenery.spare]}

    made = await client.do("createApp", f"secret {APP}", **given)

    assert made["app"]["pipelines"] == [{"id": scenery.spare, "label": "Spare"}]


async def test_a_secret_is_shown_once_and_not_in_a_replay(api: Api, world: World) -> None:
    client = await api.client(world)

    first = await client.do("createApp", f"secret {APP}", **ROBOT, idempotencyKey="once")
    second = await client.do("createApp", f"secret {APP}", **ROBOT, idempotencyKey="once")

    assert first["secret"]
    assert second == {**first, "secret": None}
    assert len((await client.run("{ apps { id } }"))["apps"]) == 1


async def test_unknown_permissions_are_told_what_can_be_given(api: Api, world: World) -> None:
    client = await api.client(world)

    for names in (["ticket:fly"], ["app:manage"], []):
        refused = await client.refused("createApp", **{**ROBOT, "permissions": names})

        assert (refused["code"], refused["field"]) == ("INVALID", ["input", "permissions"])
        assert all(each.value in refused["message"] for each in GIVABLE)


async def test_a_pipeline_that_is_not_there_cannot_be_listed(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    for nowhere in (unknown(Kind.PIPELINE), scenery.stage):
        listed = [scenery.pipeline, nowhere]
        refused = await client.refused("createApp", **{**ROBOT, "reach": "LISTED", "pipelineIds": listed})

        assert (refused["code"], refused["field"]) == ("NOT_FOUND", ["input", "pipelineIds", "1"])


async def test_at_most_500_pipelines_can_be_listed(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    many = {**ROBOT, "reach": "LISTED", "pipelineIds": [scenery.pipeline] * 501}
    refused = await client.refused("createApp", **many)

    assert (refused["code"], refused["field"]) == ("INVALID", ["input", "pipelineIds"])


@pytest.mark.parametrize("days", [0, -1, 731, 2_147_483_647])
async def test_a_secret_lasts_for_1_to_730_days(api: Api, world: World, days: int) -> None:
    client = await api.client(world)

    refused = await client.refused("createApp", **ROBOT, expiresInDays=days)
    done = await client.do("createApp", **ROBOT, expiresInDays=730)

    assert (refused["code"], refused["field"]) == ("INVALID", ["input", "expiresInDays"])
    assert done["userErrors"] == []
