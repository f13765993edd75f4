"""Events of the audit log name things by global ids: a client can look up who granted what to whom (B18)."""

import json
import re

from domain.access import AccessMode, Grantee
from domain.events.event import EventKind
from policies import Level, Role
from tests.support import actions
from tests.support.client import Api, Json
from tests.support.fixtures import Scenery
from tests.support.ids import gid
from tests.support.operations import input_of, mutations
from tests.support.schema_walk import ask
from tests.support.world import World

LOG = """query ($filter: AuditEventFilter) { auditEvents(filter: $filter, first: 500) { nodes {
  kind objectKind objectId changes { name before after } } } }"""
OURS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


async def log(api: Api, world: World, *kinds: str) -> list[Json]:
    """The events of some kinds, or all, as a super admin is shown them."""
    data = await (await api.client(world)).run(LOG, filter={"kinds": kinds or None})
    found: list[Json] = data["auditEvents"]["nodes"]
    return found


async def test_who_was_granted_what_is_named_by_global_ids(api: Api, world: World) -> None:
    viewer, blue = world.users[Role.VIEWER], world.teams["blue"]
    grants = (Grantee(Level.VIEW, user_id=viewer.id), Grantee(Level.EDIT, team_id=blue.id))
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED, *grants)

    [event] = await log(api, world, "PIPELINE_ACCESS_UPDATED")

    [change] = [each for each in event["changes"] if each["name"] == "grants"]
    assert event["objectId"] == gid(await world.pipeline())
    assert change["before"] == "[]"
    assert json.loads(change["after"]) == [
        {"user": gid(viewer), "team": None, "level": "VIEW", "until": None},
        {"user": None, "team": gid(blue), "level": "EDIT", "until": None},
    ]


async def test_no_event_of_any_operation_names_a_thing_by_an_id_that_clients_cannot_use(
    api: Api, scenery: Scenery
) -> None:
    world = scenery.world
    client = await api.client(world)

    for field in ("reorderPipelines", *mutations()):  # an order first, before there are more pipelines
        await ask(client, field, {"input": input_of(field, scenery)})

    happened = [event for event in await log(api, world) if event["objectKind"] != "property"]
    kinds = {event["kind"] for event in happened}
    assert {"ROLE_CREATED", "APP_CREATED", "TEAM_CREATED", "PIPELINES_REORDERED"} <= kinds
    assert [event for event in happened if event["objectId"] is None or OURS.search(json.dumps(event))] == []


async def test_what_an_event_says_that_is_no_id_is_shown_as_it_is(api: Api, world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        after = {"members": ["nobody", 17], "name": "Red"}
        work.record(EventKind.TEAM_UPDATED, "team", world.teams["red"].id, after=after)

    [event] = await log(api, world, "TEAM_UPDATED")

    assert event["changes"] == [
        {"name": "members", "before": None, "after": '["nobody",17]'},
        {"name": "name", "before": None, "after": "Red"},
    ]


async def test_roles_of_events_from_before_the_renaming_are_shown_as_they_are_spelled_today(
    api: Api, world: World
) -> None:
    user = world.users[Role.VIEWER]
    async with world.acting(Role.OPERATOR) as work:
        before, after = {"roles": ["viewer"]}, {"roles": ["AGENT", "settings_editor"]}
        work.record(EventKind.USER_ROLES_UPDATED, "user", user.id, before=before, after=after)

    [event] = await log(api, world, "USER_ROLES_UPDATED")

    assert event["changes"] == [{"name": "roles", "before": '["VIEWER"]', "after": '["AGENT","SETTINGS_EDITOR"]'}]
