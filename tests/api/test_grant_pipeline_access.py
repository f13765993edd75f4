"""grantPipelineAccess: a level for one user or one team, beside what others were granted (S11, S12, B20, B22)."""

from datetime import UTC, datetime, timedelta

import pytest

from policies import Role, Tier
from schema.ids import Kind
from tests.support import concurrency
from tests.support.client import Api, Json
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "pipeline": {"id": has.pipeline},
        "to": {"userId": has.user},
        "level": "VIEW",
    },
    budget=9,
    selects=f"pipeline {{ {PIPELINE} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.pipeline,
    revision="access { revision }",
)


SUPPORT = {"pipeline": {"internalName": "support"}}
SHOWN = """pipeline { access { mode revision grants {
  level until grantedAt grantedBy { name } user { id } team { id } } } }"""


def grants(payload: Json) -> list[Json]:
    """The grants that a payload shows."""
    found: list[Json] = payload["pipeline"]["access"]["grants"]
    return found


async def test_a_grant_comes_beside_the_others_with_who_gave_it_and_until_when(api: Api, world: World) -> None:
    client, until = await api.client(world), (datetime.now(UTC) + timedelta(days=1)).isoformat()
    user, team = gid(world.users[Role.AGENT]), gid(world.teams["blue"])

    first = await client.do("grantPipelineAccess", SHOWN, **SUPPORT, to={"userId": user}, level="VIEW", until=until)
    second = await client.do("grantPipelineAccess", SHOWN, **SUPPORT, to={"teamId": team}, level="EDIT")

    assert (first["userErrors"], second["userErrors"]) == ([], [])
    to_user, to_team = grants(second)
    assert to_user == grants(first)[0]
    assert (to_user["user"], to_user["team"], to_user["level"], to_user["until"]) == ({"id": user}, None, "VIEW", until)
    assert to_user["grantedBy"] == {"name": "Super_Admin"}
    assert datetime.fromisoformat(to_user["grantedAt"]) <= datetime.now(UTC)
    assert (to_team["user"], to_team["team"], to_team["level"]) == (None, {"id": team}, "EDIT")
    assert second["pipeline"]["access"]["revision"] == 3


async def test_a_second_grant_to_the_same_takes_the_place_of_the_first(api: Api, world: World) -> None:
    client, to = await api.client(world), {"userId": gid(world.users[Role.AGENT])}
    await client.do("grantPipelineAccess", **SUPPORT, to=to, level="VIEW")

    done = await client.do("grantPipelineAccess", SHOWN, **SUPPORT, to=to, level="EDIT")

    assert [each["level"] for each in grants(done)] == ["EDIT"]


@pytest.mark.parametrize(
    ("to", "field"), [({"userId": unknown(Kind.USER)}, "userId"), ({"teamId": unknown(Kind.TEAM)}, "teamId")]
)
async def test_who_is_not_of_the_account_is_not_found(api: Api, world: World, to: Json, field: str) -> None:
    declined = await (await api.client(world)).refused("grantPipelineAccess", **SUPPORT, to=to, level="VIEW")

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "to", field])


async def test_a_grant_ends_in_the_future(api: Api, world: World) -> None:
    to = {"userId": gid(world.users[Role.AGENT])}
    client = await api.client(world)

    declined = await client.refused("grantPipelineAccess", **SUPPORT, to=to, level="VIEW", until="2001-01-01T00:00:00Z")

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "until"])


async def test_below_professional_it_is_declined_with_the_plan_that_would_do(api: Api, world: World) -> None:
    await world.on(Tier.STARTER)
    to = {"userId": gid(world.users[Role.AGENT])}

    admin = await (await api.client(world)).refused("grantPipelineAccess", **SUPPORT, to=to, level="VIEW")
    agent = await (await api.client(world, Role.AGENT)).refused("grantPipelineAccess", **SUPPORT, to=to, level="VIEW")

    assert (admin["code"], admin["needed"], admin["current"]) == ("PLAN_TOO_LOW", "PROFESSIONAL", "STARTER")
    assert (agent["code"], agent["permission"]) == ("NOT_PERMITTED", "access:reduce")


async def test_two_super_admins_at_once_lose_no_grant(api: Api, world: World) -> None:
    client = await api.client(world)
    people = [gid(user) for user in world.users.values()]

    await concurrency.together(
        *[client.do("grantPipelineAccess", **SUPPORT, to={"userId": user}, level="VIEW") for user in people]
    )

    data = await client.run('{ pipeline(internalName: "support") { access { grants { user { id } } } } }')
    assert {each["user"]["id"] for each in data["pipeline"]["access"]["grants"]} == set(people)
