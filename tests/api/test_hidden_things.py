"""What the viewer may not see does not exist for them (B16): in every place of every operation, a hidden pipeline,
stage or ticket is answered exactly as one that never was, at the same cost, also while somebody holds its lock.

The places are walked from the schema, so that a new one is tried from its first day.
"""

import asyncio

import pytest

from domain.access import AccessMode
from domain.reference import Ref
from policies import Role
from schema.ids import Kind
from tests.support import actions
from tests.support.actors import EVERYBODY, HOLDER
from tests.support.client import Api
from tests.support.fixtures import Lead
from tests.support.hidden_data import Hidden, Veil, hide, kind_of
from tests.support.ids import unknown
from tests.support.operations import arguments, mutations, queries
from tests.support.probes import Trier
from tests.support.schema_walk import Slot, ask, slots
from tests.support.world import World

PATIENCE = 10  # seconds; who waits for a lock that is held waits for ever


def leads(veil: Veil, slot: Slot, trier: Trier, *, whole: bool) -> list[Lead]:
    """What is hidden and could be put into a place: all of it or, unless the `whole` is tried, what belongs there.

    A place for ids of other things takes one that is hidden as well, which must not matter there.
    """
    stands = slot.take(trier.given)
    if slot.scalar == "ID":
        fitting = [lead for lead in veil.ids if kind_of(lead.text) is kind_of(stands)] or veil.ids[-1:]
        return veil.ids if whole or stands is None else fitting
    if slot.path[-1] not in veil.names:
        return []
    return [*veil.names.values()] if whole else [veil.names[slot.path[-1]]]


@pytest.fixture(scope="module")
async def hidden(api: Api) -> Hidden:
    """What is hidden, for all tests here: they change none of it."""
    return await hide(api)


@pytest.mark.parametrize("field", [*queries(), *mutations()])
@pytest.mark.parametrize("who", EVERYBODY)
async def test_the_hidden_is_answered_as_what_never_was_at_the_same_cost_and_without_waiting(
    api: Api, hidden: Hidden, who: str, field: str
) -> None:
    client, given = hidden.clients[who], arguments(field, hidden.seen)
    trier = Trier(api, client, given)

    async with hidden.locked(), asyncio.timeout(PATIENCE):
        for slot in slots(field):
            for veil in hidden.tried(who):
                for lead in leads(veil, slot, trier, whole=who == HOLDER):
                    hidden.assert_tells_nothing(who, await trier.answer_of(slot, lead), lead.text)
        for scenery in (hidden.private, hidden.restricted):
            if arguments(field, scenery) != given:
                hidden.assert_tells_nothing(who, await ask(client, field, arguments(field, scenery)))


@pytest.mark.parametrize("who", EVERYBODY)
async def test_a_cursor_from_better_days_leads_no_further(hidden: Hidden, who: str) -> None:
    client = hidden.clients[who]
    given = {"after": hidden.private.cursor, "first": 1}

    of_the_hidden = await ask(client, "stageCards", {**given, "stageId": hidden.private.stage})
    of_nothing = await ask(client, "stageCards", {**given, "stageId": unknown(Kind.STAGE)})

    assert of_the_hidden == of_nothing
    assert of_nothing["data"] == {"stageCards": None}


@pytest.mark.parametrize("by", ["internalName", "id"])
async def test_an_order_of_pipelines_is_that_of_those_that_are_seen(hidden: Hidden, by: str) -> None:
    client = hidden.clients[Role.SETTINGS_EDITOR.value]
    seen = (await client.run("{ pipelines { id internalName } }"))["pipelines"]
    order = [{by: each[by]} for each in seen]

    done = await client.do("reorderPipelines", "pipelines { id }", order=order[::-1], expectedOrder=order)
    with_the_hidden = await client.refused("reorderPipelines", order=[*order, {"id": hidden.private.pipeline}])
    with_nothing = await client.refused("reorderPipelines", order=[*order, {"id": unknown(Kind.PIPELINE)}])
    back = await client.do("reorderPipelines", "pipelines { id }", order=order)

    assert done["userErrors"] == []
    assert with_the_hidden == with_nothing
    assert back["pipelines"] == [{"id": each["id"]} for each in seen]


async def test_a_hidden_default_pipeline_is_no_default(api: Api, world: World) -> None:
    await actions.set_access(world, await world.pipeline(), AccessMode.PRIVATE)
    client = await api.client(world, Role.AGENT)

    board = await client.run('{ board { pipeline { id } } pipeline(internalName: "support") { id } }')
    declined = await client.refused("createTicket", subject="Into the dark")

    assert board == {"board": None, "pipeline": None}
    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "pipeline"])


async def test_where_a_ticket_was_while_hidden_is_left_out(api: Api, world: World) -> None:
    hidden = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Zebra cases")))
    ticket = await actions.open_ticket(world, "Travelling", to=Ref(id=hidden.id), who=Role.SUPER_ADMIN)
    await actions.move(world, ticket, "new", to=actions.named("support"), who=Role.SUPER_ADMIN)
    await actions.set_access(world, hidden, AccessMode.PRIVATE)
    shown = '{ ticket(key: "SUP-1") { visits { stage { label } pipeline { label } } } }'

    everything = await (await api.client(world)).run(shown)
    seen = await (await api.client(world, Role.VIEWER)).run(shown)

    assert [visit["pipeline"]["label"] for visit in everything["ticket"]["visits"]] == [
        "Zebra cases",
        "Support Pipeline",
    ]
    assert [visit["pipeline"]["label"] for visit in seen["ticket"]["visits"]] == ["Support Pipeline"]


async def test_a_key_that_a_ticket_had_in_a_hidden_pipeline_is_no_key(api: Api, world: World) -> None:
    hidden = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Zebra cases")))
    ticket = await actions.open_ticket(world, "Travelling", to=Ref(id=hidden.id), who=Role.SUPER_ADMIN)
    await actions.move(world, ticket, "new", to=actions.named("support"), who=Role.SUPER_ADMIN)
    await actions.set_access(world, hidden, AccessMode.PRIVATE)
    by_old_key = '{ ticket(key: "ZEB-1") { key } }'

    assert await (await api.client(world)).run(by_old_key) == {"ticket": {"key": "SUP-1"}}
    assert await (await api.client(world, Role.VIEWER)).run(by_old_key) == {"ticket": None}
