"""createTicket: only a subject is needed; a CLOSED stage closes it at once (S19)."""

import pytest

from domain import properties
from domain.reference import Ref
from policies import Permission, Role
from schema.ids import Kind, global_id
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.ids import gid, stages, unknown
from tests.support.operations import Mutation
from tests.support.selections import TICKET
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "subject": "New here",
        "content": "Described",
        "priority": "HIGH",
        "pipeline": {"id": has.pipeline},
        "stage": {"id": has.stage},
        "ownerId": has.user,
        "teamId": has.team,
        "properties": [{"name": has.own_property, "value": "4711"}],
        "place": {"after": has.ticket},
    },
    budget=14,
    selects=f"ticket {{ {TICKET} }}",
    least_role=Role.AGENT,
    edits=None,
    app_permissions={Permission.TICKET_WRITE},
)


SHOWN = """ticket { key subject content priority closedAt revision owner { id } team { id } stage { internalName }
pipeline { internalName } properties { name value } }"""
NOTHING = {"content": "", "priority": None, "closedAt": None, "revision": 1, "owner": None, "team": None}


async def test_a_subject_is_enough(api: Api, world: World) -> None:
    done = await (await api.client(world, Role.AGENT)).do("createTicket", SHOWN, subject="  It does not print ")

    assert done["userErrors"] == []
    assert done["ticket"] == {
        **NOTHING,
        "key": "SUP-1",
        "subject": "It does not print",
        "stage": {"internalName": "new"},
        "pipeline": {"internalName": "support"},
        "properties": [],
    }
    await db_state.assert_sound(world)


async def test_null_is_as_good_as_nothing_where_it_may_be_given(api: Api, world: World) -> None:
    nulls = dict.fromkeys(["priority", "ownerId", "teamId", "pipeline", "stage", "place", "idempotencyKey"])
    client = await api.client(world)

    with_nulls = await client.do("createTicket", SHOWN, subject="a", **nulls)
    without = await client.do("createTicket", SHOWN, subject="a")

    assert {**with_nulls["ticket"], "key": "SUP-2"} == without["ticket"]
    for never_null in ("subject", "content", "properties"):
        document = "mutation ($input: CreateTicketInput!) { createTicket(input: $input) { ticket { id } } }"
        assert await client.code(document, input={"subject": "a", never_null: None}) == "BAD_USER_INPUT"


async def test_everything_may_be_said_at_once(api: Api, world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        await properties.define_properties(work, ["Serial number", "Colour"])
    another = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Returns")))
    owner, team = gid(world.users[Role.AGENT]), gid(world.teams["blue"])

    done = await (await api.client(world, Role.AGENT)).do(
        "createTicket",
        SHOWN,
        subject="a",
        content="All of it\n",
        priority="URGENT",
        ownerId=owner,
        teamId=team,
        pipeline={"internalName": another.internal_name},
        stage={"internalName": "waiting_on_us"},
        properties=[{"name": "serial_number", "value": "4711"}, {"name": "colour", "value": None}],
    )

    assert done["ticket"] == {
        **NOTHING,
        "key": "RET-1",
        "subject": "a",
        "content": "All of it\n",
        "priority": "URGENT",
        "owner": {"id": owner},
        "team": {"id": team},
        "stage": {"internalName": "waiting_on_us"},
        "pipeline": {"internalName": another.internal_name},
        "properties": [{"name": "serial_number", "value": "4711"}],
    }


async def test_a_stage_by_its_id_needs_no_pipeline(api: Api, world: World) -> None:
    another = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Returns")))
    client, stage = await api.client(world), {"id": gid(another.stages[2])}

    done = await client.do("createTicket", SHOWN, subject="a", stage=stage)
    elsewhere = await client.refused("createTicket", subject="a", stage=stage, pipeline={"internalName": "support"})

    assert done["ticket"]["pipeline"] == {"internalName": another.internal_name}
    assert (elsewhere["code"], elsewhere["field"]) == ("NOT_FOUND", ["input", "stage"])


async def test_in_a_closed_stage_it_is_closed_at_once(api: Api, world: World) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        done = await client.do("createTicket", SHOWN, subject="a", stage={"internalName": "closed"})

    assert done["ticket"]["closedAt"]
    assert db_state.kinds(happened)[0] == "TICKET_CREATED"
    await db_state.assert_sound(world)


@pytest.mark.parametrize(
    ("place", "order"),
    [
        (None, "xab"),
        ({"top": True}, "xab"),
        ({"bottom": True}, "abx"),
        ({"before": 1}, "axb"),
        ({"after": 0}, "axb"),
        ({"after": 1}, "abx"),
    ],
)
async def test_it_goes_to_the_top_or_where_it_is_put(api: Api, world: World, place: Json | None, order: str) -> None:
    cards = [global_id(Kind.TICKET, made) for made in await actions.open_tickets(world, "a", "b")]
    where = place and {side: cards[of] if side in {"before", "after"} else of for side, of in place.items()}

    done = await (await api.client(world)).do("createTicket", subject="x", place=where)

    assert done["userErrors"] == []
    assert "".join((await db_state.board(world))["new"]) == order


async def test_a_neighbour_is_in_that_stage(api: Api, world: World) -> None:
    elsewhere = global_id(Kind.TICKET, await actions.open_ticket(world, stage="closed"))
    client = await api.client(world)

    for neighbour in (elsewhere, unknown(Kind.TICKET)):
        declined = await client.refused("createTicket", subject="x", place={"after": neighbour})

        assert (declined["code"], declined["field"]) == ("PLACE_GONE", ["input", "place", "after"])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": " \n"}, "subject"),
        ({"subject": "x" * 501}, "subject"),
        ({"content": "x" * 65_537}, "content"),
        ({"properties": [{"name": "unheard_of", "value": "a"}]}, "properties"),
        ({"properties": [{"name": "subject", "value": "a"}]}, "properties"),
        ({"properties": [{"name": "serial_number", "value": "x" * 4001}]}, "properties"),
    ],
)
async def test_what_cannot_be_said_is_declined_with_its_place(api: Api, world: World, given: Json, field: str) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        await properties.define_properties(work, ["Serial number"])

    declined = await (await api.client(world)).refused("createTicket", **{"subject": "a", **given})

    assert (declined["__typename"], declined["code"]) == ("PlainError", "INVALID")
    assert declined["field"] == ["input", field]


async def test_what_there_is_not_is_not_found_where_it_was_named(api: Api, world: World) -> None:
    client, never = await api.client(world), {"internalName": "never_was"}
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Viewer'")
    cases: list[tuple[Json, str]] = [
        ({"pipeline": never}, "pipeline"),
        ({"stage": never}, "stage"),
        ({"stage": {"id": unknown(Kind.STAGE)}}, "stage"),
        ({"ownerId": unknown(Kind.USER)}, "ownerId"),
        ({"ownerId": gid(world.users[Role.VIEWER])}, "ownerId"),
        ({"teamId": unknown(Kind.TEAM)}, "teamId"),
    ]

    for given, field in cases:
        declined = await client.refused("createTicket", subject="a", **given)

        assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", field])


async def test_keys_go_on_where_one_was_declined(api: Api, world: World) -> None:
    client, new = await api.client(world), (await stages(world))["new"]

    await client.refused("createTicket", subject="a", place={"after": unknown(Kind.TICKET)})
    done = await client.do("createTicket", SHOWN, subject="a", stage={"id": new})

    assert done["ticket"]["key"] == "SUP-1"
