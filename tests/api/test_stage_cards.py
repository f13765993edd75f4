"""stageCards: further cards of one stage, page by page, after cursors that are good for that stage alone."""

from typing import Any

import pytest

from domain import pipelines
from domain.pipelines import Stage
from domain.reference import BOTTOM, Ref
from domain.tickets import locks, ranks
from policies import Role
from server.database.engine import Database
from tests.support import actions, db_state
from tests.support.client import Api, Client, Json
from tests.support.fixtures import furnish
from tests.support.ids import stages
from tests.support.operations import Query
from tests.support.selections import CARDS
from tests.support.world import World, make_world

OPERATION = Query(
    example=lambda has: {"stageId": has.stage, "first": 2, "after": has.cursor},
    budget=3,
    selects=CARDS,
    depth=3,
)


CARDS = """query ($id: ID!, $first: Int! = 50, $after: String) {
  stageCards(stageId: $id, first: $first, after: $after) {
  edges { cursor } nodes { subject } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def page(client: Client, stage: str, **given: Any) -> Json:
    """One page of a stage."""
    found: Json = (await client.run(CARDS, id=stage, **given))["stageCards"]
    return found


def subjects(of: Json) -> list[str]:
    """What the cards of a page are about."""
    return [card["subject"] for card in of["nodes"]]


async def test_pages_follow_each_other_to_the_end(api: Api, world: World) -> None:
    await actions.open_tickets(world, *"abcde", stage="new")
    client, stage = await api.client(world, Role.VIEWER), (await stages(world))["new"]

    pages = [await page(client, stage, first=2)]
    while pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append(await page(client, stage, first=2, after=pages[-1]["pageInfo"]["endCursor"]))

    assert [subjects(each) for each in pages] == [["a", "b"], ["c", "d"], ["e"]]
    assert [each["pageInfo"]["hasPreviousPage"] for each in pages] == [False, True, True]
    for each in pages:
        assert each["pageInfo"]["startCursor"] == each["edges"][0]["cursor"]
        assert each["pageInfo"]["endCursor"] == each["edges"][-1]["cursor"]


async def test_it_goes_on_after_the_cursors_of_a_board(api: Api, world: World) -> None:
    await actions.open_tickets(world, *"abc", stage="new")
    client, stage = await api.client(world), (await stages(world))["new"]
    board = await client.run("{ board(first: 1) { stages { cards { pageInfo { endCursor } } } } }")

    cursor = board["board"]["stages"][0]["cards"]["pageInfo"]["endCursor"]

    assert subjects(await page(client, stage, after=cursor)) == ["b", "c"]


async def test_a_cursor_holds_while_cards_come_and_go(api: Api, world: World) -> None:
    made = dict(zip("abcd", await actions.open_tickets(world, *"abcd", stage="new"), strict=True))
    client, stage = await api.client(world), (await stages(world))["new"]
    cursor = (await page(client, stage, first=2))["pageInfo"]["endCursor"]

    await actions.open_ticket(world, "above", stage="new")
    await actions.delete_ticket(world, made["b"])
    await actions.move(world, made["c"], "closed")

    assert subjects(await page(client, stage, after=cursor)) == ["d"]


async def rebalance(world: World, stage: Stage) -> None:
    """Make the ranks of a stage's cards anew, as a crowded gap does."""
    async with world.acting(Role.OPERATOR) as work:
        home = await pipelines.find_pipeline(work, None)
        held = await locks.lock_stage(work, pipelines.find_stage(home, Ref(id=stage.id)))
        assert held
        await ranks.rebalance(work, held)


async def test_a_cursor_of_before_a_rebalancing_finds_its_card_again(api: Api, world: World) -> None:
    made = await actions.open_tickets(world, *"abcd", stage="new")
    stage = (await world.pipeline()).stages[0]
    client, new = await api.client(world), (await stages(world))["new"]
    cursors = [edge["cursor"] for edge in (await page(client, new))["edges"]]

    await rebalance(world, stage)
    await actions.move(world, made[2], "closed")

    assert subjects(await page(client, new, after=cursors[0])) == ["b", "d"]
    (error,) = await client.errors(CARDS, id=new, after=cursors[2])
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "from its beginning" in error["message"]


@pytest.mark.parametrize(
    "spoil", [lambda _: "", lambda _: "17", lambda text: text[:-1], lambda text: text + "A", lambda _: "é"]
)
async def test_a_tampered_cursor_is_bad_user_input(api: Api, world: World, spoil: Any) -> None:
    await actions.open_ticket(world, "a", stage="new")
    client, stage = await api.client(world), (await stages(world))["new"]
    cursor = (await page(client, stage))["pageInfo"]["endCursor"]

    (error,) = await client.errors(CARDS, id=stage, after=spoil(cursor))

    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_cursor_of_another_stage_or_another_account_is_bad_user_input(
    api: Api, database: Database, world: World
) -> None:
    has = await furnish(world)
    other = await furnish(await make_world(database.sessions))
    client = await api.client(world)

    for stage, cursor in ((has.empty, has.cursor), (has.stage, other.cursor)):
        (error,) = await client.errors(CARDS, id=stage, after=cursor)

        assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("first", [-1, 0, 501])
async def test_a_page_has_1_to_500_cards(api: Api, world: World, first: int) -> None:
    client = await api.client(world)

    assert await client.code(CARDS, id=(await stages(world))["new"], first=first) == "BAD_USER_INPUT"


async def test_an_empty_stage_has_an_empty_page(api: Api, world: World) -> None:
    found = await page(await api.client(world), (await stages(world))["new"])

    nothing = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert found == {"edges": [], "nodes": [], "pageInfo": nothing}


async def test_cards_outside_the_viewers_scope_are_passed_over(api: Api, world: World) -> None:
    agent = world.users[Role.AGENT]
    for subject, owner in (("a", agent.id), ("b", world.second_agent.id), ("c", agent.id), ("d", None)):
        await actions.open_ticket(world, subject, owner=owner, place=BOTTOM)
    await db_state.execute(
        world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false WHERE name = 'Agent'"
    )
    client, stage = await api.client(world, Role.AGENT), (await stages(world))["new"]

    first = await page(client, stage, first=1)

    assert (subjects(first), first["pageInfo"]["hasNextPage"]) == (["a"], True)
    assert subjects(await page(client, stage, first=1, after=first["pageInfo"]["endCursor"])) == ["c"]
