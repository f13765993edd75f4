"""auditEvents and auditSeal: the log for super admins, narrowed and page by page; for everybody else there is none
(B18).
"""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from domain.access import AccessMode
from domain.audit import relay_failures
from domain.database.model import new_id
from domain.events.kind_renames import RENAMED
from policies import Role, Tier
from resolvers.throttle import SignInLimits
from schema.ids import Kind, global_id
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.settings import Settings
from tests.support import actions, db_state
from tests.support.audit_chain import record_as_stored, seal, troubles
from tests.support.client import Api, Client, Json, make_api
from tests.support.ids import gid
from tests.support.operations import Query
from tests.support.world import World, make_world

OPERATION = Query(
    example=lambda has: {
        "filter": {
            "kinds": ["PIPELINE_CREATED", "TEAM_CREATED"],
            "actorId": has.user,
            "objectId": has.team,
            "pipelineId": has.pipeline,
        },
        "first": 2,
    },
    budget=1,
    selects="edges { cursor node { id at kind actorName object: objectId changes { name before after } } }",
)


SHOWN = """edges { cursor node { id at kind actorKind actorId actorName actorUser { email } address objectKind objectId
changes { name before after } number sealed } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""
LIST = f"""query ($filter: AuditEventFilter, $first: Int, $after: String) {{
auditEvents(filter: $filter, first: $first, after: $after) {{ {SHOWN} }} }}"""
SEAL = "{ auditSeal { lastNumber digest waiting publicKey head { number digest keyId signature signedAt } } }"


@pytest.fixture
async def strict(database: Database, settings: Settings, passwords: Argon2Passwords) -> AsyncIterator[Api]:
    """The application with few attempts, and few denials that are recorded."""
    limits = SignInLimits(per_email=3, per_address=50)
    made = make_api(database, settings, passwords, sign_in=limits, denials=3)
    yield made
    await made.http.aclose()


async def listed(client: Client, first: int = 500, after: str | None = None, **filter: object) -> list[Json]:
    """The events of a page."""
    data = await client.run(LIST, filter=filter, first=first, after=after)
    return [edge["node"] for edge in data["auditEvents"]["edges"]]


def kinds(events: Sequence[Json]) -> list[str]:
    return [event["kind"] for event in events]


async def test_a_change_is_shown_with_who_from_where_before_and_after(api: Api, world: World) -> None:
    client, home = await api.client(world), await world.pipeline()
    await client.do("renamePipeline", pipeline={"id": gid(home)}, label="Help desk")

    [event] = await listed(client, kinds=["PIPELINE_UPDATED"])

    who = world.users[Role.SUPER_ADMIN]
    assert (event["actorKind"], event["actorId"], event["actorName"]) == ("PERSON", gid(who), who.name)
    assert event["actorUser"] == {"email": who.email}
    assert event["address"] == "192.0.2.1"
    assert (event["objectKind"], event["objectId"]) == ("pipeline", gid(home))
    assert event["changes"] == [{"name": "label", "before": "Support Pipeline", "after": "Help desk"}]
    assert (event["number"], event["sealed"]) == (None, False)


async def test_numbers_and_seals_show_once_they_are_there(api: Api, world: World) -> None:
    client = await api.client(world)
    before = await client.run(SEAL)
    happened = await seal(world)

    after = await client.run(SEAL)
    events = await listed(client)

    assert (before["auditSeal"]["lastNumber"], before["auditSeal"]["head"]) == (None, None)
    assert before["auditSeal"]["waiting"] == happened
    sealed = after["auditSeal"]
    assert (sealed["lastNumber"], sealed["waiting"]) == (str(happened), 0)
    assert (sealed["head"]["number"], sealed["head"]["digest"]) == (str(happened), sealed["digest"])
    assert len(sealed["publicKey"]) == 64
    assert {event["sealed"] for event in events} == {True}
    assert {event["number"] for event in events} <= {str(number) for number in range(1, happened + 1)}


async def test_tickets_are_not_in_it(api: Api, world: World) -> None:
    await actions.open_ticket(world)

    events = await listed(await api.client(world))

    assert [kind for kind in kinds(events) if kind.startswith("TICKET_")] == []
    assert len(events) == len([event for event in await db_state.events(world) if event.object_kind != "ticket"])


async def test_it_is_read_from_the_newest_event_on_page_by_page(api: Api, world: World) -> None:
    client = await api.client(world)
    whole = await listed(client)
    seen: list[Json] = []
    after, more = None, True

    while more:
        page = (await client.run(LIST, first=3, after=after))["auditEvents"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        seen += [edge["node"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert seen == whole
    assert [event["at"] for event in seen] == sorted((event["at"] for event in seen), reverse=True)


async def test_events_stored_under_old_kinds_are_listed_and_found_by_the_new_ones(api: Api, world: World) -> None:
    blue, client = world.teams["blue"], await api.client(world)
    await record_as_stored(world, *RENAMED, object_id=blue.id)
    await seal(world)

    found = await listed(client, objectId=gid(blue))
    by_kind = await listed(client, objectId=gid(blue), kinds=["PIPELINE_UPDATED", "TEAM_CREATED"])

    assert sorted(kinds(found)) == sorted(["TEAM_CREATED", *RENAMED.values()])
    assert sorted(kinds(by_kind)) == ["PIPELINE_UPDATED", "PIPELINE_UPDATED", "TEAM_CREATED", "TEAM_CREATED"]
    assert {event["sealed"] for event in found} == {True}
    assert await troubles(world) == []


async def test_it_is_narrowed_by_everything_that_is_given(api: Api, world: World) -> None:
    client, second = await api.client(world), await world.add_pipeline()
    await client.do("renamePipeline", pipeline={"id": gid(second)}, label="Back here")
    await actions.set_access(world, second, AccessMode.PRIVATE)
    [renamed] = await listed(client, kinds=["PIPELINE_UPDATED"])
    made = next(event for event in await db_state.events(world, second.id) if event.kind == "PIPELINE_CREATED")

    assert kinds(await listed(client, pipelineId=gid(second))) == [
        "PIPELINE_ACCESS_UPDATED",
        "PIPELINE_UPDATED",
        "PIPELINE_CREATED",
    ]
    assert kinds(await listed(client, objectId=gid(world.teams["blue"]))) == ["TEAM_CREATED"]
    by_editor = await listed(client, actorId=gid(world.users[Role.SETTINGS_EDITOR]))
    assert kinds(by_editor) == ["PIPELINE_CREATED"]
    assert await listed(client, since=renamed["at"], kinds=["PIPELINE_CREATED"]) == []
    until = (made.at + timedelta(microseconds=1)).isoformat()
    assert kinds(await listed(client, pipelineId=gid(second), until=until)) == ["PIPELINE_CREATED"]
    assert await listed(client, kinds=[]) == []
    assert await listed(client, kinds=["TICKET_CREATED"]) == []


async def test_ids_of_others_and_of_nothing_find_nothing(api: Api, world: World) -> None:
    client, other = await api.client(world), await make_world(world.sessions)
    foreign = gid(await other.pipeline())

    for name in ("actorId", "objectId", "pipelineId"):
        assert await listed(client, 500, None, **{name: foreign}) == []
        assert await listed(client, 500, None, **{name: global_id(Kind.PIPELINE, new_id())}) == []
    assert await client.code(LIST, filter={"objectId": "nonsense"}) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "given",
    [
        {"first": 0},
        {"first": 501},
        {"after": "nonsense"},
        {"filter": {"since": "2027-01-02T00:00:00Z", "until": "2027-01-01T00:00:00Z"}},
        {"filter": {"since": "yesterday"}},
    ],
)
async def test_a_page_that_cannot_be_is_bad_input(api: Api, world: World, given: Json) -> None:
    assert await (await api.client(world)).code(LIST, **given) == "BAD_USER_INPUT"


async def test_a_cursor_of_another_account_is_bad_input(api: Api, world: World) -> None:
    other = await make_world(world.sessions)
    page = await (await api.client(other)).run(LIST, first=1)

    code = await (await api.client(world)).code(LIST, after=page["auditEvents"]["pageInfo"]["endCursor"])

    assert code == "BAD_USER_INPUT"


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_nobody_else_sees_that_there_is_one(api: Api, world: World, role: Role) -> None:
    [event, *_] = await listed(await api.client(world))
    client = await api.client(world, role)

    assert await client.run(LIST) == {"auditEvents": None}
    assert await client.run(SEAL) == {"auditSeal": None}
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert await client.run(node, id=event["id"]) == {"node": None}
    assert await client.run(node, id=global_id(Kind.AUDIT_EVENT, new_id())) == {"node": None}


async def test_it_is_there_on_every_plan(api: Api, world: World) -> None:
    await world.on(Tier.FREE)

    assert await listed(await api.client(world))


async def test_an_event_is_found_again_by_its_id(api: Api, world: World) -> None:
    client = await api.client(world)
    [event, *_] = await listed(client, kinds=["TEAM_CREATED"])

    found = await client.run(
        "query ($id: ID!) { node(id: $id) { id ... on AuditEvent { kind actorName } } }", id=event["id"]
    )

    assert found["node"] == {"id": event["id"], "kind": "TEAM_CREATED", "actorName": None}


async def test_what_was_denied_is_recorded_and_names_nothing_that_was_asked_for(api: Api, world: World) -> None:
    agent = await api.client(world, Role.AGENT)
    await agent.refused("renamePipeline", pipeline={"internalName": "support"}, label="Mine now")
    await agent.refused("renamePipeline", pipeline={"internalName": "never_was"}, label="Mine now")

    [event] = await listed(await api.client(world), kinds=["ACCESS_DENIED"])

    assert (event["actorName"], event["objectId"]) == ("Agent", gid(world.users[Role.AGENT]))
    assert event["address"] == "192.0.2.1"
    assert event["changes"] == [
        {"name": "code", "before": None, "after": "NOT_PERMITTED"},
        {"name": "operation", "before": None, "after": "renamePipeline"},
        {"name": "permission", "before": None, "after": "pipeline:edit"},
    ]


async def test_what_the_plan_denies_is_recorded_too(api: Api, world: World) -> None:
    await world.on(Tier.FREE)
    client = await api.client(world)
    await client.refused("addStage", pipeline={"internalName": "support"}, label="Escalated", state="OPEN")

    [event] = await listed(client, kinds=["ACCESS_DENIED"])

    assert {"name": "code", "before": None, "after": "PLAN_TOO_LOW"} in event["changes"]


async def test_nobody_can_fill_the_log_with_denials(strict: Api, world: World) -> None:
    agent = await strict.client(world, Role.AGENT)
    for _ in range(5):
        await agent.refused("createPipeline", label="Mine")
        await agent.refused("renamePipeline", pipeline={"internalName": "support"}, label="Mine now")

    events = await listed(await strict.client(world), kinds=["ACCESS_DENIED"])

    operations = [change["after"] for event in events for change in event["changes"] if change["name"] == "operation"]
    assert sorted(operations) == ["createPipeline"] * 3 + ["renamePipeline"] * 3


SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }"


async def test_a_sign_in_that_failed_is_told_to_every_account_of_the_address(api: Api, world: World) -> None:
    twin = await make_world(world.sessions, email=f"{world.slug}.test")
    email = world.users[Role.AGENT].email or ""
    async with api.reaching("203.0.113.77") as http:
        for given in (f" {email.upper()}", f"nobody@{world.slug}.test"):
            await Client(http).run(SIGN_IN, input={"email": given.strip(), "password": "guess"})

    while await relay_failures(world.sessions):
        pass

    for each in (world, twin):
        [event] = await listed(await api.client(each), kinds=["SIGN_IN_FAILED"])
        assert (event["actorKind"], event["actorId"], event["actorName"]) == ("NOBODY", None, None)
        assert (event["objectId"], event["address"]) == (gid(each.users[Role.AGENT]), "203.0.113.77")
        assert event["changes"] == [{"name": "code", "before": None, "after": "SIGN_IN_FAILED"}]


async def test_sign_ins_that_had_to_wait_are_told_once(strict: Api, world: World) -> None:
    email = world.users[Role.VIEWER].email or ""
    async with strict.reaching("203.0.113.78") as http:
        for _ in range(6):
            await Client(http).run(SIGN_IN, input={"email": email, "password": "guess"})

    while await relay_failures(world.sessions):
        pass

    events = await listed(await strict.client(world), kinds=["SIGN_IN_FAILED"])
    codes = [change["after"] for event in events for change in event["changes"]]
    assert sorted(codes) == ["SIGN_IN_FAILED"] * 3 + ["TOO_MANY_ATTEMPTS"]
