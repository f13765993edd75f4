"""Boards and lists are rendered by the database when they are asked for again: clients see no difference (decision 32).

What is asked for once is read card by card, so it is what the second answer is compared with.
"""

from itertools import count
from typing import Any
from uuid import UUID

import pytest

from domain import boards
from domain.tickets import Priority
from policies import Role
from schema.ids import Kind, global_id
from tests.support import actions
from tests.support.actors import EVERYBODY
from tests.support.client import Api, Client, Json
from tests.support.hidden_data import Hidden, hide
from tests.support.ids import gid
from tests.support.statements import counting
from tests.support.world import World

PLAIN = "id key subject content priority createdAt enteredStageAt closedAt revision"
RENDERED = {
    "plain": f"edges {{ cursor node {{ {PLAIN} owner {{ id name }} team {{ id name }} }} }}",
    "nodes": f"nodes {{ {PLAIN} }} pageInfo {{ hasNextPage startCursor endCursor }}",
    "another order": "edges { node { revision o: owner { email } a: subject id b: subject team { name } key } cursor }",
    "what is around": "nodes { subject stage { id label } pipeline { id } viewerCan { edit { allowed } } __typename }",
    "a fragment": "edges { ...E }",
    "little": "nodes { id }",
    "different": "nodes { id subject } edges { node { key } }",
    "both": f"edges {{ node {{ {PLAIN} }} }} nodes {{ {PLAIN} }}",
}
READ = {
    "properties": "nodes { id subject properties { name value } }",
    "the card": "nodes { id cardProperties { name value } }",
    "visits": "nodes { id visits { enteredAt } }",
    "one of two": "nodes { id subject } edges { node { visits { enteredAt } } }",
}


FRAGMENT = "fragment E on TicketEdge { node { ... on Node { id } ... on Ticket { key } } cursor }"
ROOTS = ["board", "stageCards"]
FINDERS = ["read_rendered_board", "read_rendered_stage"]
_NUMBERS = count()


def asking(root: str, cards: str) -> str:
    """A document whose pages of cards show that, and that nobody has asked before."""
    if root == "board":
        cards = f"board(pipeline: {{id: $id}}, first: 3) {{ stages {{ totalCount cards {{ {cards} }} }} }}"
    else:
        cards = f"stageCards(stageId: $id, first: 3) {{ {cards} }}"
    text = f"query Number{next(_NUMBERS)} ($id: ID!) {{ {cards} }}"
    return f"{text} {FRAGMENT}" if "...E" in cards else text


async def ids(world: World) -> Json:
    """What each of the root fields is asked for."""
    home = await world.pipeline()
    return {"board": gid(home), "stageCards": gid(home.stages[0])}


SUBJECTS = ["more", "a\tb", "“older” 🧯", '"quoted" \\']


async def fill(world: World) -> list[UUID]:
    """Tickets of these subjects in the first stage, and one in the last."""
    owner, team = world.users[Role.AGENT].id, world.teams["blue"].id
    made = [await actions.open_ticket(world, each, priority=Priority.LOW, owner=owner) for each in SUBJECTS]
    await actions.open_ticket(world, "Done", team=team, content="All of it.", stage="closed")
    return made


@pytest.fixture
def renderings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which finders of rendered cards were asked."""
    asked: list[str] = []

    def noting(name: str) -> None:
        finder: Any = getattr(boards, name)

        async def noted(*given: Any, **said: Any) -> Any:
            asked.append(name)
            return await finder(*given, **said)

        monkeypatch.setattr(boards, name, noted)

    for name in FINDERS:
        noting(name)
    return asked


async def answers(client: Client, document: str, id: str) -> list[Json]:
    """The same three times: the first is not compiled, and by the third everything is prepared."""
    return [await client.run(document, id=id) for _ in range(3)]


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("name", [*RENDERED, *READ])
async def test_what_is_asked_again_is_answered_alike_and_rendered_if_cards_can_be(
    api: Api, world: World, renderings: list[str], root: str, name: str
) -> None:
    await fill(world)
    client, finder = await api.client(world, Role.AGENT), dict(zip(ROOTS, FINDERS, strict=True))[root]
    document = asking(root, (RENDERED | READ)[name])

    first, second, third = await answers(client, document, (await ids(world))[root])

    assert str(first).count("'id'") >= 3
    assert str(second) == str(third) == str(first)
    assert renderings == ([finder] * 2 if name in RENDERED else [])


@pytest.mark.parametrize("root", ROOTS)
async def test_being_rendered_takes_no_statement_more(api: Api, world: World, renderings: list[str], root: str) -> None:
    await fill(world)
    client, document = await api.client(world, Role.AGENT), asking(root, RENDERED["plain"])
    asked_for, costs = (await ids(world))[root], []

    for _ in range(4):
        with counting(api.engine) as counted:
            await client.run(document, id=asked_for)
        costs.append(counted.total)

    assert len(renderings) == 3
    assert costs[1:] == [costs[0]] * 3


async def test_pages_of_rendered_cards_follow_each_other(api: Api, world: World, renderings: list[str]) -> None:
    await fill(world)
    client, stage = await api.client(world, Role.AGENT), (await ids(world))["stageCards"]
    document = """query ($id: ID!, $after: String) { stageCards(stageId: $id, first: 2, after: $after) {
        nodes { subject } pageInfo { endCursor hasNextPage hasPreviousPage } } }"""
    await answers(client, document, stage)

    one = (await client.run(document, id=stage))["stageCards"]
    other = (await client.run(document, id=stage, after=one["pageInfo"]["endCursor"]))["stageCards"]

    assert [card["subject"] for card in one["nodes"] + other["nodes"]] == SUBJECTS[::-1]
    assert [each["pageInfo"]["hasNextPage"] for each in (one, other)] == [True, False]
    assert other["pageInfo"]["hasPreviousPage"] is True
    assert len(renderings) == 4


async def test_a_card_that_moved_is_rendered_where_it_is(api: Api, world: World, renderings: list[str]) -> None:
    made = await fill(world)
    client, home = await api.client(world, Role.AGENT), (await ids(world))["board"]
    document = asking("board", "nodes { subject revision }")
    before = (await answers(client, document, home))[-1]["board"]["stages"]

    await actions.move(world, made[-1], "closed")

    after = (await client.run(document, id=home))["board"]["stages"]
    assert [stage["totalCount"] for stage in before] == [4, 0, 0, 1]
    assert [stage["totalCount"] for stage in after] == [3, 0, 0, 2]
    assert {"subject": SUBJECTS[-1], "revision": 2} in after[-1]["cards"]["nodes"]
    assert len(renderings) == 3


async def test_what_cannot_be_shown_of_one_change_leaves_the_others_told(api: Api, world: World) -> None:
    first, second, *_ = await fill(world)
    client = await api.client(world, Role.AGENT)
    variables = {"a": global_id(Kind.TICKET, first), "b": global_id(Kind.TICKET, second), "v": None}
    document = """mutation ($a: ID!, $b: ID!, $v: Boolean = true) {
        a: updateTicket(input: {ticketId: $a, content: "new"}) { ticket { content } }
        b: updateTicket(input: {ticketId: $b, content: "new"}) { ticket { content @include(if: $v) } } }"""

    for _ in range(3):
        answer = await client.answer(document, variables)

        assert answer["data"] == {"a": {"ticket": {"content": "new"}}, "b": {"ticket": None}}
        assert [error["path"] for error in answer["errors"]] == [["b", "ticket"]]


@pytest.fixture(scope="module")
async def hidden(api: Api) -> Hidden:
    """What is hidden, for all tests here."""
    return await hide(api)


@pytest.mark.parametrize("who", EVERYBODY)
async def test_nothing_hidden_is_rendered(hidden: Hidden, renderings: list[str], who: str) -> None:
    client = hidden.clients[who]
    given = {"board": hidden.seen.pipeline, "stageCards": hidden.seen.stage}

    for root in ROOTS:
        for name in ("plain", "what is around"):
            document = asking(root, RENDERED[name])
            first, second, third = await answers(client, document, given[root])
            hidden.assert_tells_nothing(who, {"data": first})
            assert second == third == first
            for over in (hidden.private, hidden.restricted):
                there = await client.run(document, id={"board": over.pipeline, "stageCards": over.stage}[root])
                hidden.assert_tells_nothing(who, {"data": there})

    assert {name: renderings.count(name) for name in FINDERS} == dict.fromkeys(FINDERS, 4)
