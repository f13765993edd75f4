"""rotateAppSecret: a new secret, beside the older ones for a while."""

from datetime import UTC, datetime, timedelta

import pytest

from policies import Role
from tests.support.app_actions import make_robot
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.operations import Mutation
from tests.support.selections import APP
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"appId": has.app},
    budget=10,
    selects=f"app {{ {APP} }}",
    least_role=Role.SUPER_ADMIN,
    edits=None,
)


ME = "{ viewer { app { id } } }"
SECRETS = "secret app { secrets { state expiresAt } }"


async def test_old_and_new_overlap_for_a_day_unless_said_otherwise(api: Api, world: World) -> None:
    robot = await make_robot(world, lifetime=timedelta(days=30))
    client = await api.client(world)

    done = await client.do("rotateAppSecret", SECRETS, appId=robot.gid)

    newest, older = done["app"]["secrets"]
    assert (newest["state"], older["state"]) == ("ACTIVE", "ACTIVE")
    left = datetime.fromisoformat(older["expiresAt"]) - datetime.now(UTC)
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    assert await api.bearing(robot.token).run(ME) == await api.bearing(done["secret"]).run(ME)


async def test_without_an_overlap_the_next_request_by_the_old_one_is_turned_away(api: Api, world: World) -> None:
    robot = await make_robot(world)
    client = await api.client(world)

    done = await client.do("rotateAppSecret", SECRETS, appId=robot.gid, overlapHours=0)

    assert [each["state"] for each in done["app"]["secrets"]] == ["ACTIVE", "EXPIRED"]
    assert await api.bearing(robot.token).code(ME) == "UNAUTHENTICATED"
    await api.bearing(done["secret"]).run(ME)


async def test_a_replay_makes_no_second_secret_and_shows_none(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)

    first = await client.do("rotateAppSecret", SECRETS, appId=scenery.app, idempotencyKey="once")
    second = await client.do("rotateAppSecret", SECRETS, appId=scenery.app, idempotencyKey="once")

    assert first["secret"]
    assert second == {**first, "secret": None}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"overlapHours": -1}, "overlapHours"),
        ({"overlapHours": 721}, "overlapHours"),
        ({"overlapHours": 2_147_483_647}, "overlapHours"),
        ({"expiresInDays": 0}, "expiresInDays"),
        ({"expiresInDays": -2_147_483_648}, "expiresInDays"),
    ],
)
async def test_times_have_bounds(api: Api, scenery: Scenery, given: dict[str, int], field: str) -> None:
    client = await api.client(scenery.world)

    refused = await client.refused("rotateAppSecret", appId=scenery.app, **given)

    assert (refused["code"], refused["field"]) == ("INVALID", ["input", field])
