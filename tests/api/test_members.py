"""members: users in any state, for people managers."""

import pytest

from policies import Role
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(
    example=lambda has: {"states": ["ACTIVE", "INVITED", "INACTIVE"], "first": 2, "after": has.member_cursor},
    budget=4,
    selects="""nodes { user { name } roles customRoles { name } teams { name } invitation { expiresAt } }""",
)

PAGE = """query ($states: [UserState!]!, $first: Int!, $after: String) {
    members(states: $states, first: $first, after: $after) {
        nodes { user { name } state } pageInfo { hasNextPage endCursor } } }"""


async def test_pages_follow_each_other_by_name(api: Api, scenery: Scenery) -> None:
    client, names, after = await api.client(scenery.world), [], None

    while True:
        page = (await client.run(PAGE, states=["ACTIVE", "INVITED", "INACTIVE"], first=3, after=after))["members"]
        names += [member["user"]["name"] for member in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert names == sorted(names)
    assert {"Agent", "Home invited", "Home left"} <= set(names)


async def test_only_the_states_that_are_asked_for_are_listed(api: Api, scenery: Scenery) -> None:
    page = await (await api.client(scenery.world)).run(PAGE, states=["INVITED"], first=50, after=None)

    assert [member["state"] for member in page["members"]["nodes"]] == ["INVITED"]


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_other_viewers_see_no_members(api: Api, world: World, role: Role) -> None:
    page = await (await api.client(world, role)).run(PAGE, states=["ACTIVE"], first=50, after=None)

    assert page["members"] is None
