"""accessReview: who can view or edit what, and why, page by page (B22).

As a file it is in test_access_export.py.
"""

import pytest

from domain.access import AccessMode, Grantee
from policies import Level, Role
from schema.ids import Kind
from tests.support import actions
from tests.support.client import Api, Json
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(
    example=lambda has: {"filter": {"pipelineId": has.pipeline}, "first": 2},
    budget=7,
    selects="nodes { pipeline { label } user { name } app { name } level why team { name } }",
    depth=3,
)


REVIEW = """query ($filter: AccessReviewFilter, $first: Int, $after: String) {
  accessReview(filter: $filter, first: $first, after: $after) {
    edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor }
    nodes { pipeline { id label } mode user { name } app { name } level why team { name }
      grantedAt grantedBy { name } until roles customRoles
      viewScope { reach } editScope { reach } lastActiveAt } } }"""


async def rows(api: Api, world: World, **filters: str) -> list[Json]:
    """The rows that a super admin is shown."""
    data = await (await api.client(world)).run(REVIEW, filter=filters)
    found: list[Json] = data["accessReview"]["nodes"]
    return found


async def test_it_says_who_comes_near_at_which_level_and_why(api: Api, world: World) -> None:
    returns = await world.add_pipeline()
    blue = Grantee(Level.VIEW, team_id=world.teams["blue"].id)
    await actions.set_access(world, returns, AccessMode.RESTRICTED, blue)

    agent, admin = await rows(api, world, pipelineId=gid(returns))

    assert (agent["user"], agent["app"], agent["level"]) == ({"name": "Agent"}, None, "VIEW")
    assert (agent["why"], agent["team"], agent["mode"]) == ("TEAM_GRANT", {"name": "Blue"}, "RESTRICTED")
    assert (agent["grantedBy"], agent["until"]) == ({"name": "Super_Admin"}, None)
    assert agent["grantedAt"] is not None
    assert (agent["roles"], agent["customRoles"]) == (["AGENT"], [])
    assert (agent["viewScope"], agent["editScope"]) == ({"reach": "ALL"}, {"reach": "ALL"})
    assert (admin["user"], admin["why"], admin["level"]) == ({"name": "Super_Admin"}, "SUPER_ADMIN", "EDIT")
    assert (admin["viewScope"], admin["editScope"]) == (None, None)
    assert admin["lastActiveAt"] is not None


async def test_apps_that_reach_a_pipeline_are_in_it(api: Api, scenery: Scenery) -> None:
    found = await rows(api, scenery.world, appId=scenery.app)

    assert [(row["app"]["name"], row["user"], row["why"]) for row in found] == [("Home robot", None, "APP")]
    assert [row["pipeline"]["id"] for row in found] == [scenery.pipeline]


async def test_it_is_paged_without_losing_or_repeating_anybody(api: Api, world: World) -> None:
    await world.add_pipeline()
    client = await api.client(world)
    whole = (await client.run(REVIEW))["accessReview"]["nodes"]

    paged: list[Json] = []
    after: str | None = None
    for number in range(len(whole) // 5 + 1):
        page = (await client.run(REVIEW, first=5, after=after))["accessReview"]
        assert page["pageInfo"]["hasPreviousPage"] is (number > 0)
        paged, after = paged + page["nodes"], page["pageInfo"]["endCursor"]

    assert len(whole) == 12
    assert paged == whole


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT, Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR])
async def test_it_is_null_for_others(api: Api, still_life: Scenery, role: Role) -> None:
    client = await api.client(still_life.world, role)

    assert await client.run(REVIEW) == {"accessReview": None}


@pytest.mark.parametrize(
    "filters", [{"pipelineId": unknown(Kind.PIPELINE)}, {"userId": unknown(Kind.USER)}, {"appId": unknown(Kind.USER)}]
)
async def test_what_is_unknown_is_in_no_row(api: Api, still_life: Scenery, filters: Json) -> None:
    assert await rows(api, still_life.world, **filters) == []


async def test_a_cursor_of_another_list_is_bad_input(api: Api, still_life: Scenery) -> None:
    client = await api.client(still_life.world)

    assert await client.code(REVIEW, after=still_life.cursor) == "BAD_USER_INPUT"
    assert await client.code(REVIEW, first=501) == "BAD_USER_INPUT"
