"""moveTicket: to a stage of the same or another pipeline, and to a place among its cards (B5, B10, S19)."""

import pytest

from domain.access import AccessMode, Grantee
from domain.pipelines import Pipeline
from domain.reference import Ref
from policies import Level, Permission, Role
from schema.ids import Kind, global_id, read_id
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.ids import gid, stages, unknown
from tests.support.operations import Mutation
from tests.support.selections import TICKET
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "ticketId": has.ticket,
        "pipeline": {"id": has.pipeline},
        "stage": {"id": has.stage},
        "place": {"after": has.neighbour},
    },
    budget=8,
    selects=f"ticket {{ {TICKET} }}",
    least_role=Role.AGENT,
    edits=lambda has: has.ticket,
    app_permissions={Permission.TICKET_WRITE},
)


SHOWN = "ticket { key closedAt revision stage { internalName } pipeline { internalName } visits { stage { label } } }"


@pytest.fixture
async def cards(world: World) -> dict[str, str]:
    """The ids of five tickets: a, b and c in the first stage, x and y in the CLOSED one."""
    made = [*await actions.open_tickets(world, *"abc"), *await actions.open_tickets(world, *"xy", stage="closed")]
    return {subject: global_id(Kind.TICKET, each) for subject, each in zip("abcxy", made, strict=True)}


@pytest.fixture
async def returns(world: World) -> Pipeline:
    """Another pipeline."""
    return await world.pipeline(Ref(id=await actions.create_pipeline(world, "Returns")))


@pytest.mark.parametrize(
    ("moved", "given", "new", "closed"),
    [
        ("c", {}, "cab", "xy"),
        ("c", {"place": None, "stage": None, "pipeline": None}, "cab", "xy"),
        ("c", {"place": {"top": True}}, "cab", "xy"),
        ("a", {"place": {"bottom": True}}, "bca", "xy"),
        ("a", {"place": {"after": "b"}}, "bac", "xy"),
        ("c", {"place": {"before": "b"}}, "acb", "xy"),
        ("b", {"stage": {"internalName": "closed"}}, "ac", "bxy"),
        ("b", {"stage": {"internalName": "closed"}, "place": {"bottom": True}}, "ac", "xyb"),
        ("b", {"stage": {"internalName": "closed"}, "place": {"after": "x"}}, "ac", "xby"),
        ("x", {"stage": {"internalName": "new"}, "place": {"before": "a"}}, "xabc", "y"),
        ("b", {"pipeline": {"internalName": "support"}, "place": {"bottom": True}}, "acb", "xy"),
    ],
)
async def test_it_goes_where_it_is_put(
    api: Api, world: World, cards: dict[str, str], moved: str, given: Json, new: str, closed: str
) -> None:
    where = dict(given)
    if place := given.get("place"):
        where["place"] = {side: cards.get(of, of) for side, of in place.items()}

    done = await (await api.client(world, Role.AGENT)).do("moveTicket", SHOWN, ticketId=cards[moved], **where)

    assert done["userErrors"] == []
    board = await db_state.board(world)
    assert ("".join(board["new"]), "".join(board["closed"])) == (new, closed)
    await db_state.assert_sound(world)


async def test_entering_a_closed_stage_closes_and_leaving_it_reopens(
    api: Api, world: World, cards: dict[str, str]
) -> None:
    client, ids = await api.client(world), await stages(world)

    async with db_state.recorded(world) as happened:
        closed = await client.do("moveTicket", SHOWN, ticketId=cards["a"], stage={"id": ids["closed"]})
        reopened = await client.do("moveTicket", SHOWN, ticketId=cards["a"], stage={"id": ids["waiting_on_us"]})

    assert closed["ticket"]["closedAt"]
    assert reopened["ticket"]["closedAt"] is None
    assert [visit["stage"]["label"] for visit in reopened["ticket"]["visits"]] == ["New", "Closed", "Waiting on us"]
    assert db_state.kinds(happened) == ["TICKET_MOVED", "TICKET_CLOSED", "TICKET_MOVED", "TICKET_REOPENED"]


async def test_another_pipeline_gives_another_key_and_its_first_stage(
    api: Api, world: World, cards: dict[str, str], returns: Pipeline
) -> None:
    client, to = await api.client(world), {"internalName": returns.internal_name}

    done = await client.do("moveTicket", SHOWN, ticketId=cards["a"], pipeline=to)
    named = await client.do("moveTicket", SHOWN, ticketId=cards["b"], pipeline=to, stage={"internalName": "closed"})
    by_stage = await client.do("moveTicket", SHOWN, ticketId=cards["c"], stage={"id": gid(returns.stages[2])})

    assert (done["ticket"]["key"], done["ticket"]["stage"]) == ("RET-1", {"internalName": "new"})
    assert (named["ticket"]["key"], named["ticket"]["stage"]) == ("RET-2", {"internalName": "closed"})
    assert (by_stage["ticket"]["key"], by_stage["ticket"]["pipeline"]) == ("RET-3", to)
    await db_state.assert_sound(world)


async def test_moving_within_its_stage_is_no_new_visit(api: Api, world: World, cards: dict[str, str]) -> None:
    done = await (await api.client(world)).do("moveTicket", SHOWN, ticketId=cards["a"], place={"bottom": True})

    assert done["ticket"]["revision"] == 2
    assert len(done["ticket"]["visits"]) == 1


@pytest.mark.parametrize("side", ["before", "after"])
async def test_a_neighbour_is_another_card_of_that_stage(
    api: Api, world: World, cards: dict[str, str], side: str
) -> None:
    client = await api.client(world)

    for neighbour in (cards["a"], cards["x"], unknown(Kind.TICKET)):
        declined = await client.refused("moveTicket", ticketId=cards["a"], place={side: neighbour})

        assert (declined["__typename"], declined["code"]) == ("PlainError", "PLACE_GONE")
        assert declined["field"] == ["input", "place", side]
    assert (await db_state.ticket(world, read_id(cards["a"])[1])).revision == 1


async def test_what_there_is_not_is_not_found_where_it_was_named(
    api: Api, world: World, cards: dict[str, str], returns: Pipeline
) -> None:
    client, never = await api.client(world), {"internalName": "never_was"}
    there = {"pipeline": {"internalName": returns.internal_name}}
    cases: list[tuple[Json, str]] = [
        ({"ticketId": unknown(Kind.TICKET)}, "ticketId"),
        ({"pipeline": never}, "pipeline"),
        ({"stage": never}, "stage"),
        ({**there, "stage": never}, "stage"),
        ({**there, "stage": {"id": (await stages(world))["new"]}}, "stage"),
        ({"stage": {"id": unknown(Kind.STAGE)}}, "stage"),
    ]

    for given, field in cases:
        declined = await client.refused("moveTicket", **{"ticketId": cards["a"], **given})

        assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", field])


@pytest.mark.parametrize("read_only", ["source", "target"])
async def test_both_pipelines_take_edit_level(
    api: Api, world: World, cards: dict[str, str], returns: Pipeline, read_only: str
) -> None:
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    restricted = returns if read_only == "target" else await world.pipeline()
    await actions.set_access(world, restricted, AccessMode.RESTRICTED, grant)

    declined = await (await api.client(world, Role.AGENT)).refused(
        "moveTicket", ticketId=cards["a"], pipeline={"id": gid(returns)}
    )

    assert (declined["__typename"], declined["code"]) == ("NotPermittedError", "NOT_PERMITTED")
    assert (await db_state.ticket(world, read_id(cards["a"])[1])).key == "SUP-1"
