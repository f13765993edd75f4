"""What the viewer may not see does not exist for them (B16): in every place of every operation, a hidden pipeline,
stage or ticket is answered exactly as one that never was, at the same cost.

The places are walked from the schema, so that a new one is tried from its first day.
"""

from dataclasses import dataclass

import pytest

from domain.access import AccessMode, Grantee
from domain.reference import Ref
from policies import Level, Role
from schema.ids import Kind
from server.database import Database
from tests.support import deeds, facts
from tests.support.client import Api, Json
from tests.support.operations import INPUTS, NEEDED, QUERIES, arguments
from tests.support.scenery import Lead, Scenery, furnish
from tests.support.things import unknown
from tests.support.trying import Trier
from tests.support.walking import Slot, ask, slots, told
from tests.support.world import World, make_world

# By who may only look, and by who may do it, short of super admins, who see everything.
TRIED = [
    (field, role)
    for field in (*QUERIES, *INPUTS)
    for role in (Role.VIEWER, Role.AGENT if NEEDED.get(field) is Role.AGENT else Role.SETTINGS_EDITOR)
]
EVERY_ROLE = pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT, Role.SETTINGS_EDITOR])
LEADING = {"internalName", "key", "after"}


@dataclass
class Hidden:
    """A world with things that all see, and two furnished pipelines that only super admins do."""

    seen: Scenery
    private: Scenery
    restricted: Scenery

    def from_(self, role: Role) -> Scenery:
        """What to try with a role: viewers the private, the others the restricted; either is hidden from all."""
        return self.private if role is Role.VIEWER else self.restricted

    def assert_tells_nothing(self, answer: Json, sent: str = "") -> None:
        """Nothing that is hidden is in an answer."""
        text = told(answer, sent)
        for has, label in ((self.private, "Zebra"), (self.restricted, "Quagga")):
            for secret in (label, has.pipeline, has.stage, has.ticket, has.internal_name, has.key):
                assert secret not in text


def leads(has: Scenery, slot: Slot) -> list[Lead]:
    """What is hidden and could be put into a place."""
    if slot.scalar == "ID":
        hidden = {has.pipeline, has.stage, has.ticket}
        return [lead for lead in has.ids if lead.text in hidden]
    hidden = {has.internal_name, has.key, has.cursor}
    return [lead for lead in has.names if lead.text in hidden] if slot.path[-1] in LEADING else []


@pytest.fixture(scope="module")
async def hidden(database: Database) -> Hidden:
    """The restricted pipeline was granted to everybody once, and is granted to a team that nobody here is in."""
    world = await make_world(database.sessions)
    private = await _furnished(world, "Zebra", AccessMode.PRIVATE)
    red = Grantee(Level.EDIT, team_id=world.teams["red"].id)
    past = [Grantee(Level.EDIT, user_id=world.users[role].id) for role in world.users]
    restricted = await _furnished(world, "Quagga", AccessMode.RESTRICTED, red, *past)
    await facts.execute(world, "UPDATE pipeline_grant SET until = now() WHERE user_id IS NOT NULL")
    return Hidden(await furnish(world), private, restricted)


async def _furnished(world: World, label: str, mode: AccessMode, *grants: Grantee) -> Scenery:
    made = await world.pipeline(Ref(id=await deeds.create_pipeline(world, f"{label} cases", who=Role.SUPER_ADMIN)))
    has = await furnish(world, made, label)
    await deeds.set_access(world, made, mode, *grants)
    return has


@pytest.mark.parametrize(("field", "role"), TRIED)
async def test_the_hidden_is_answered_as_what_never_was_at_the_same_cost(
    api: Api, hidden: Hidden, field: str, role: Role
) -> None:
    client = await api.client(hidden.seen.world, role)
    trier, tried = Trier(api, client, arguments(field, hidden.seen)), hidden.from_(role)

    for slot in slots(field):
        for lead in leads(tried, slot):
            hidden.assert_tells_nothing(await trier.answer_of(slot, lead), lead.text)
    if arguments(field, tried) != trier.given:
        hidden.assert_tells_nothing(await ask(client, field, arguments(field, tried)))


@EVERY_ROLE
async def test_a_cursor_from_better_days_leads_no_further(api: Api, hidden: Hidden, role: Role) -> None:
    client = await api.client(hidden.seen.world, role)
    given = {"after": hidden.private.cursor, "first": 1}

    of_the_hidden = await ask(client, "stageCards", {**given, "stageId": hidden.private.stage})
    of_nothing = await ask(client, "stageCards", {**given, "stageId": unknown(Kind.STAGE)})

    assert of_the_hidden == of_nothing
    assert of_nothing["data"] == {"stageCards": None}


@pytest.mark.parametrize("by", ["internalName", "id"])
async def test_an_order_of_pipelines_is_that_of_those_that_are_seen(api: Api, hidden: Hidden, by: str) -> None:
    client = await api.client(hidden.seen.world, Role.SETTINGS_EDITOR)
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
    await deeds.set_access(world, await world.pipeline(), AccessMode.PRIVATE)
    client = await api.client(world, Role.AGENT)

    board = await client.run('{ board { pipeline { id } } pipeline(internalName: "support") { id } }')
    declined = await client.refused("createTicket", subject="Into the dark")

    assert board == {"board": None, "pipeline": None}
    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "pipeline"])


async def test_where_a_ticket_was_while_hidden_is_left_out(api: Api, world: World) -> None:
    hidden = await world.pipeline(Ref(id=await deeds.create_pipeline(world, "Zebra cases")))
    ticket = await deeds.open_ticket(world, "Travelling", to=Ref(id=hidden.id), who=Role.SUPER_ADMIN)
    await deeds.move(world, ticket, "new", to=deeds.named("support"), who=Role.SUPER_ADMIN)
    await deeds.set_access(world, hidden, AccessMode.PRIVATE)
    shown = '{ ticket(key: "SUP-1") { visits { stage { label } pipeline { label } } } }'

    everything = await (await api.client(world)).run(shown)
    seen = await (await api.client(world, Role.VIEWER)).run(shown)

    assert [visit["pipeline"]["label"] for visit in everything["ticket"]["visits"]] == [
        "Zebra cases",
        "Support Pipeline",
    ]
    assert [visit["pipeline"]["label"] for visit in seen["ticket"]["visits"]] == ["Support Pipeline"]


async def test_a_key_that_a_ticket_had_in_a_hidden_pipeline_is_no_key(api: Api, world: World) -> None:
    hidden = await world.pipeline(Ref(id=await deeds.create_pipeline(world, "Zebra cases")))
    ticket = await deeds.open_ticket(world, "Travelling", to=Ref(id=hidden.id), who=Role.SUPER_ADMIN)
    await deeds.move(world, ticket, "new", to=deeds.named("support"), who=Role.SUPER_ADMIN)
    await deeds.set_access(world, hidden, AccessMode.PRIVATE)
    by_old_key = '{ ticket(key: "ZEB-1") { key } }'

    assert await (await api.client(world)).run(by_old_key) == {"ticket": {"key": "SUP-1"}}
    assert await (await api.client(world, Role.VIEWER)).run(by_old_key) == {"ticket": None}
