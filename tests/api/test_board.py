"""board: the stages of a pipeline in order, each with its count and its first cards (B5)."""

from typing import Any

import pytest

from domain import properties
from domain.access import AccessMode, Grantee
from domain.reference import Ref
from domain.tickets import Priority
from policies import Level, Role
from tests.support import actions, db_state
from tests.support.client import Api, Client, Json
from tests.support.ids import gid
from tests.support.operations import Query
from tests.support.selections import CARDS, PIPELINE
from tests.support.world import World

OPERATION = Query(
    example=lambda has: {"pipeline": {"id": has.pipeline}, "first": 2},
    budget=3,
    selects=f"pipeline {{ {PIPELINE} }} stages {{ stage {{ id label }} totalCount cards {{ {CARDS} }} }}",
    depth=5,
)


BOARD = """query ($pipeline: PipelineRef, $first: Int! = 50) { board(pipeline: $pipeline, first: $first) {
  pipeline { internalName }
  stages { stage { internalName } totalCount
           cards { edges { cursor node { subject } } nodes { subject }
                   pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }"""


async def columns(client: Client, **given: Any) -> dict[str, Json]:
    """The columns of a board by their stages' internal names."""
    board = (await client.run(BOARD, **given))["board"]
    return {each["stage"]["internalName"]: each for each in board["stages"]}


def subjects(column: Json) -> list[str]:
    """What the cards of a column are about."""
    return [card["subject"] for card in column["cards"]["nodes"]]


async def test_every_stage_has_its_count_and_its_first_cards_in_order(api: Api, world: World) -> None:
    await actions.open_tickets(world, "a", "b", "c", stage="new")
    await actions.open_tickets(world, "d", stage="closed")
    client = await api.client(world, Role.VIEWER)

    board = await columns(client, first=2)

    assert list(board) == ["new", "waiting_on_contact", "waiting_on_us", "closed"]
    assert [each["totalCount"] for each in board.values()] == [3, 0, 0, 1]
    assert subjects(board["new"]) == ["a", "b"]
    edges = board["new"]["cards"]["edges"]
    assert [edge["node"]["subject"] for edge in edges] == ["a", "b"]
    assert board["new"]["cards"]["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": edges[0]["cursor"],
        "endCursor": edges[1]["cursor"],
    }
    assert board["closed"]["cards"]["pageInfo"]["hasNextPage"] is False


async def test_an_empty_stage_has_an_empty_page(api: Api, world: World) -> None:
    board = await columns(await api.client(world))

    nothing = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert board["new"]["cards"] == {"edges": [], "nodes": [], "pageInfo": nothing}


async def test_the_default_pipeline_is_shown_unless_another_is_named(api: Api, world: World) -> None:
    made = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Returns")))
    client = await api.client(world)

    names = [
        (await client.run(BOARD, pipeline=pipeline))["board"]["pipeline"]["internalName"]
        for pipeline in (None, {"internalName": made.internal_name}, {"id": gid(made)})
    ]

    assert names == ["support", made.internal_name, made.internal_name]


async def test_there_is_no_board_of_a_pipeline_that_there_is_not(api: Api, world: World) -> None:
    assert await (await api.client(world)).run(BOARD, pipeline={"internalName": "never_was"}) == {"board": None}


@pytest.mark.parametrize("first", [-1, 0, 501])
async def test_a_page_has_1_to_500_cards(api: Api, world: World, first: int) -> None:
    (error,) = await (await api.client(world)).errors(BOARD, first=first)

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "from 1 to 500" in error["message"]


async def test_a_card_shows_its_people_and_what_the_pipeline_chose(api: Api, world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        await properties.define_properties(work, ["Serial number"])
    await actions.set_card(world, ["key", "owner", "team", "priority", "serial_number", "closed_at"])
    owner, team = world.users[Role.AGENT].id, world.teams["blue"].id
    own: dict[str, str | None] = {"serial_number": "4711"}
    await actions.open_ticket(world, "a", priority=Priority.HIGH, owner=owner, team=team, properties=own)

    data = await (await api.client(world)).run(
        """{ board { stages { cards { nodes { owner { name active } team { name }
        cardProperties { name label value } } } } } }"""
    )

    (card,) = data["board"]["stages"][0]["cards"]["nodes"]
    assert (card["owner"], card["team"]) == ({"name": "Agent", "active": True}, {"name": "Blue"})
    assert [(each["label"], each["value"]) for each in card["cardProperties"]] == [
        ("Key", "SUP-1"),
        ("Owner", "Agent"),
        ("Team", "Blue"),
        ("Priority", "HIGH"),
        ("Serial number", "4711"),
        ("Closed", None),
    ]


async def test_counts_and_cards_are_of_the_tickets_in_the_viewers_scope(api: Api, world: World) -> None:
    await actions.open_ticket(world, "mine", owner=world.users[Role.AGENT].id)
    await actions.open_ticket(world, "theirs", owner=world.second_agent.id)
    await actions.open_ticket(world, "nobody's")
    scope = "view_reach = 'OWN', view_unassigned = false"
    await db_state.execute(world, f"UPDATE account_user SET {scope} WHERE name = 'Agent'")  # noqa: S608

    board = await columns(await api.client(world, Role.AGENT))

    assert (board["new"]["totalCount"], subjects(board["new"])) == (1, ["mine"])


async def test_each_card_says_whether_the_viewer_can_edit_it(api: Api, world: World) -> None:
    await actions.open_ticket(world, "mine", owner=world.users[Role.AGENT].id)
    await actions.open_ticket(world, "theirs", owner=world.second_agent.id)
    await db_state.execute(world, "UPDATE account_user SET edit_reach = 'OWN' WHERE name = 'Agent'")
    shown = "{ board { stages { cards { nodes { subject viewerCan { edit { allowed reason } } } } } } }"

    data = await (await api.client(world, Role.AGENT)).run(shown)

    abilities = {card["subject"]: card["viewerCan"]["edit"] for card in data["board"]["stages"][0]["cards"]["nodes"]}
    assert abilities == {
        "mine": {"allowed": True, "reason": None},
        "theirs": {"allowed": False, "reason": "This ticket is outside the tickets that you may edit."},
    }


async def test_a_board_at_view_level_is_shown_read_only(api: Api, world: World) -> None:
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    await actions.open_ticket(world, "a")
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED, grant)

    data = await (await api.client(world, Role.AGENT)).run(
        """{ board { pipeline { viewerCan { createTicket { code } } }
        stages { cards { nodes { viewerCan { edit { code } } } } } } }"""
    )

    assert data["board"]["pipeline"]["viewerCan"] == {"createTicket": {"code": "NOT_PERMITTED"}}
    assert data["board"]["stages"][0]["cards"]["nodes"] == [{"viewerCan": {"edit": {"code": "NOT_PERMITTED"}}}]
