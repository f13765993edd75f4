"""ticket: one of them, by its id or by a key that it has or had (settled choice 6), with its visits (B10)."""

from datetime import datetime

import pytest

from domain import properties
from domain.reference import Ref
from domain.tickets import Priority
from policies import Role
from schema.ids import Kind, global_id
from tests.support import actions, db_state
from tests.support.client import Api
from tests.support.ids import gid
from tests.support.operations import Query
from tests.support.selections import TICKET
from tests.support.world import World

OPERATION = Query(
    example=lambda has: {"key": has.key, "pipeline": {"id": has.pipeline}},
    budget=4,
    selects=TICKET,
    alternatives=(frozenset({"id"}), frozenset({"key", "pipeline"})),
)


WHOLE = """query ($id: ID) { ticket(id: $id) { id key subject content priority revision closedAt
  owner { id } team { id } pipeline { internalName } stage { internalName }
  createdAt enteredStageAt properties { name label value } viewerCan { edit { allowed } delete { allowed } } } }"""
BY_KEY = "query ($key: String) { ticket(key: $key) { id key } }"
IN_PIPELINE = "query ($key: String, $id: ID!) { ticket(key: $key, pipeline: {id: $id}) { subject } }"
VISITS = """query ($key: String) { ticket(key: $key) { visits { pipeline { label } stage { label }
  enteredAt leftAt enteredBy { name } leftBy { name } } } }"""


async def test_a_ticket_is_found_by_its_id_with_all_it_says(api: Api, world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        await properties.define_properties(work, ["Serial number", "Colour"])
    agent, blue = world.users[Role.AGENT], world.teams["blue"]
    own: dict[str, str | None] = {"serial_number": "4711"}
    made = await actions.open_ticket(
        world, "It burns", content="All of it", priority=Priority.URGENT, owner=agent.id, team=blue.id, properties=own
    )

    data = await (await api.client(world, Role.AGENT)).run(WHOLE, id=global_id(Kind.TICKET, made))

    ticket = data["ticket"]
    assert datetime.fromisoformat(ticket.pop("createdAt")) == datetime.fromisoformat(ticket.pop("enteredStageAt"))
    assert ticket == {
        "id": global_id(Kind.TICKET, made),
        "key": "SUP-1",
        "subject": "It burns",
        "content": "All of it",
        "priority": "URGENT",
        "revision": 1,
        "closedAt": None,
        "owner": {"id": gid(agent)},
        "team": {"id": gid(blue)},
        "pipeline": {"internalName": "support"},
        "stage": {"internalName": "new"},
        "properties": [{"name": "serial_number", "label": "Serial number", "value": "4711"}],
        "viewerCan": {"edit": {"allowed": True}, "delete": {"allowed": True}},
    }


@pytest.mark.parametrize("key", ["SUP-1", "sup-1"])
async def test_a_ticket_is_found_by_its_key(api: Api, world: World, key: str) -> None:
    made = await actions.open_ticket(world)

    data = await (await api.client(world)).run(BY_KEY, key=key)

    assert data["ticket"] == {"id": global_id(Kind.TICKET, made), "key": "SUP-1"}


async def test_a_key_that_it_had_before_it_moved_still_finds_it(api: Api, world: World) -> None:
    to = Ref(id=await actions.create_pipeline(world, "Returns"))
    made = await actions.open_ticket(world)
    await actions.move(world, made, "new", to=to)
    client = await api.client(world)

    for key in ("SUP-1", "RET-1"):
        assert (await client.run(BY_KEY, key=key))["ticket"] == {"id": global_id(Kind.TICKET, made), "key": "RET-1"}


async def test_a_key_that_several_tickets_have_needs_its_pipeline(api: Api, world: World) -> None:
    made = {label: await actions.create_pipeline(world, label) for label in ("Returns", "Retail")}
    for label, pipeline in made.items():
        await actions.open_ticket(world, label, to=Ref(id=pipeline))
    client = await api.client(world)

    (error,) = await client.errors(BY_KEY, key="RET-1")

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "name the pipeline" in error["message"]
    for label, pipeline in made.items():
        data = await client.run(IN_PIPELINE, key="RET-1", id=global_id(Kind.PIPELINE, pipeline))
        assert data["ticket"] == {"subject": label}
    assert await client.run(IN_PIPELINE, key="RET-1", id=gid(await world.pipeline())) == {"ticket": None}


@pytest.mark.parametrize("key", ["SUP-2", "SUP", "", "1", "SUP-01", "%", "x" * 10_000])
async def test_there_is_no_ticket_of_a_key_that_there_is_not(api: Api, world: World, key: str) -> None:
    await actions.open_ticket(world)

    assert await (await api.client(world)).run(BY_KEY, key=key) == {"ticket": None}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "(id: null)",
        '(id: "a", key: "b")',
        "(id: null, key: null)",
        '(id: "a", pipeline: {id: "b"})',
        '(pipeline: {id: "b"})',
    ],
)
async def test_exactly_one_of_both_is_given(api: Api, world: World, given: str) -> None:
    assert await (await api.client(world)).code(f"{{ ticket{given} {{ id }} }}") == "BAD_USER_INPUT"


async def test_a_deleted_ticket_is_no_more(api: Api, world: World) -> None:
    made = await actions.open_ticket(world)
    await actions.delete_ticket(world, made)
    client = await api.client(world)

    assert await client.run(WHOLE, id=global_id(Kind.TICKET, made)) == {"ticket": None}
    assert await client.run(BY_KEY, key="SUP-1") == {"ticket": None}


async def test_a_ticket_outside_the_viewers_scope_is_none(api: Api, world: World) -> None:
    made = await actions.open_ticket(world, owner=world.second_agent.id)
    await db_state.execute(world, "UPDATE account_user SET view_reach = 'TEAM' WHERE name = 'Agent'")
    client = await api.client(world, Role.AGENT)

    assert await client.run(WHOLE, id=global_id(Kind.TICKET, made)) == {"ticket": None}
    assert await client.run(BY_KEY, key="SUP-1") == {"ticket": None}


async def test_visits_tell_where_it_was_from_when_to_when_and_by_whom(api: Api, world: World) -> None:
    made = await actions.open_ticket(world)
    await actions.move(world, made, "waiting_on_us", who=Role.SUPER_ADMIN)
    await actions.close(world, made)
    await actions.delete_stage(world, "waiting_on_us")

    visits = (await (await api.client(world)).run(VISITS, key="SUP-1"))["ticket"]["visits"]

    assert [visit["stage"] and visit["stage"]["label"] for visit in visits] == ["New", None, "Closed"]
    assert [visit["enteredBy"]["name"] for visit in visits] == ["Agent", "Super_Admin", "Agent"]
    assert [visit["leftBy"] and visit["leftBy"]["name"] for visit in visits] == ["Super_Admin", "Agent", None]
    assert [visit["leftAt"] for visit in visits] == [visits[1]["enteredAt"], visits[2]["enteredAt"], None]


async def test_a_closed_ticket_says_since_when(api: Api, world: World) -> None:
    made = await actions.open_ticket(world)
    await actions.close(world, made)

    data = await (await api.client(world)).run('{ ticket(key: "SUP-1") { closedAt enteredStageAt stage { state } } }')

    assert data["ticket"]["closedAt"] == data["ticket"]["enteredStageAt"]
    assert data["ticket"]["stage"] == {"state": "CLOSED"}
