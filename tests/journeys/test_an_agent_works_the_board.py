"""An agent's day: signing in with the printed password; opening, dragging, closing, reopening, handing over cards."""

from typing import Any

from tests.journeys.boards import board, subjects
from tests.journeys.people import ADA, AMY, BEN, Hall
from tests.support.client import Client

VIEWER = """{ viewer { user { name email } roles
  account { name plan { serviceTier } limits { pipelines { limit } } } } }"""
TICKET = """query ($key: String!) { ticket(key: $key) { id key pipeline { label } visits { stage { label } } } }"""
CARDS = """query ($stage: ID!, $after: String) { stageCards(stageId: $stage, first: 7, after: $after) {
  nodes { id } pageInfo { hasNextPage endCursor } } }"""
SHOWN = "id key subject priority owner { name } team { name } stage { internalName } closedAt revision"


async def do(client: Client, field: str, **input: Any) -> dict[str, Any]:
    """The ticket after a mutation that is not declined."""
    done = await client.do(field, f"ticket {{ {SHOWN} }}", **input)
    assert done["userErrors"] == []
    ticket: dict[str, Any] = done["ticket"]
    return ticket


async def create(client: Client, subject: str, **input: Any) -> str:
    """The id of a new ticket."""
    made: str = (await do(client, "createTicket", subject=subject, **input))["id"]
    return made


async def test_the_printed_password_lets_the_agent_in_and_signing_out_ends_it(hall: Hall) -> None:
    amy = await hall.sign_in(AMY)

    viewer = (await amy.run(VIEWER))["viewer"]
    await amy.run("mutation { signOut { userErrors { code } } }")

    assert (viewer["user"], viewer["roles"]) == ({"name": "Amy de Boer", "email": AMY}, ["AGENT"])
    assert viewer["account"]["plan"] == {"serviceTier": "ENTERPRISE"}
    assert viewer["account"]["limits"] == {"pipelines": {"limit": 100}}
    assert await amy.code(VIEWER) == "UNAUTHENTICATED"


async def test_a_token_from_the_command_line_is_as_good(hall: Hall) -> None:
    bearer = Client((await hall.nobody()).http, hall.site.token(BEN))

    viewer = (await bearer.run(VIEWER))["viewer"]

    assert viewer["user"]["email"] == BEN


async def test_cards_are_dragged_to_every_kind_of_place_and_all_see_the_same(hall: Hall) -> None:
    amy, ben = await hall.sign_in(AMY), await hall.sign_in(BEN)
    one, two, three, four = [await create(amy, f"Drag {number}", place={"bottom": True}) for number in (1, 2, 3, 4)]
    others = [subject for subject in await subjects(ben, "new") if not subject.startswith("Drag")]

    await do(amy, "moveTicket", ticketId=four, place={"before": one})
    await do(amy, "moveTicket", ticketId=one, place={"after": three})
    await do(ben, "moveTicket", ticketId=two, place={"top": True})
    await do(ben, "moveTicket", ticketId=four, place={"bottom": True})

    order = ["Drag 2", *others, "Drag 3", "Drag 1", "Drag 4"]
    assert await subjects(amy, "new") == order
    assert await subjects(ben, "new") == order


async def test_a_card_goes_to_another_pipeline_and_its_old_key_still_finds_it(hall: Hall) -> None:
    ada = await hall.sign_in(ADA)
    (onboarding,) = [
        each["id"]
        for each in (await ada.run("{ pipelines { id label } }"))["pipelines"]
        if each["label"] == "Onboarding"
    ]
    before = await do(ada, "createTicket", subject="We would like to begin in spring")

    moved = await do(
        ada, "moveTicket", ticketId=before["id"], pipeline={"id": onboarding}, stage={"internalName": "trial"}
    )
    found = (await ada.run(TICKET, key=before["key"].lower()))["ticket"]

    assert (before["key"][:4], moved["key"][:4], moved["stage"]) == ("SUP-", "ONB-", {"internalName": "trial"})
    assert (found["id"], found["key"], found["pipeline"]) == (before["id"], moved["key"], {"label": "Onboarding"})
    assert [visit["stage"]["label"] for visit in found["visits"]] == ["New", "Trial"]


async def test_a_ticket_is_worked_from_opening_to_reopening(hall: Hall) -> None:
    amy = await hall.sign_in(AMY)
    people, teams = await amy.run("{ users { id name } }"), await amy.run("{ teams { id name } }")
    (ben,) = [each["id"] for each in people["users"] if each["name"] == "Ben Costa"]
    (desk,) = [each["id"] for each in teams["teams"] if each["name"] == "Front desk"]
    ticket = await create(amy, "It does not start")

    assigned = await do(amy, "assignTicket", ticketId=ticket, ownerId=ben, teamId=desk)
    updated = await do(amy, "updateTicket", ticketId=ticket, subject="It starts, but late", priority="HIGH")
    waiting = await do(amy, "moveTicket", ticketId=ticket, stage={"internalName": "waiting_on_us"})
    closed = await do(amy, "closeTicket", ticketId=ticket)
    stale = await amy.refused("updateTicket", ticketId=ticket, subject="Late", expectedRevision=waiting["revision"])
    reopened = await do(amy, "reopenTicket", ticketId=ticket)

    assert (assigned["owner"], assigned["team"]) == ({"name": "Ben Costa"}, {"name": "Front desk"})
    assert (updated["subject"], updated["priority"]) == ("It starts, but late", "HIGH")
    assert (closed["stage"], closed["closedAt"] is None) == ({"internalName": "closed"}, False)
    assert (stale["code"], stale["revision"]) == ("CONFLICT", closed["revision"])
    assert (reopened["stage"], reopened["closedAt"]) == ({"internalName": "waiting_on_us"}, None)


async def test_further_cards_come_page_by_page_in_the_order_of_the_board(hall: Hall) -> None:
    amy = await hall.sign_in(AMY)
    (closed,) = [each for each in await board(amy) if each["stage"]["internalName"] == "closed"]

    cards, after, more = [], None, True
    while more:
        page = (await amy.run(CARDS, stage=closed["stage"]["id"], after=after))["stageCards"]
        cards += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert len(cards) > 50
    assert [card["id"] for card in cards] == [card["id"] for card in closed["cards"]["nodes"]]
