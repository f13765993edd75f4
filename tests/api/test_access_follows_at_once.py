"""Access follows at once (B19): what setPipelineAccess says holds from the very next request on, for modes, for grants
to users and teams, and for the ends of grants.
"""

from datetime import UTC, datetime, timedelta

import pytest

from policies import Role
from tests.support import db_state
from tests.support.client import Api, Client, Json
from tests.support.fixtures import Scenery
from tests.support.ids import gid
from tests.support.operations import input_of
from tests.support.world import World

# Writing in a pipeline, by who could do it at EDIT level.
BY_AGENT = ["createTicket", "updateTicket", "moveTicket", "closeTicket", "reopenTicket", "assignTicket", "deleteTicket"]
BY_EDITOR = [
    "renamePipeline",
    "setPipelineCard",
    "addStage",
    "updateStage",
    "reorderStages",
    "deleteStage",
]
LOOK = """query ($id: ID!, $ticket: ID!) {
  pipeline(id: $id) { id viewerCan { createTicket { allowed } } }
  pipelines { id } board(pipeline: {id: $id}) { pipeline { id } } ticket(id: $ticket) { viewerCan { edit { allowed } } }
}"""


async def look(client: Client, has: Scenery) -> Json:
    """What is seen of the pipeline from everywhere, which must agree; null when nothing is."""
    data = await client.run(LOOK, id=has.pipeline, ticket=has.ticket)
    ways = {
        data["pipeline"] is not None,
        data["board"] is not None,
        data["ticket"] is not None,
        {"id": has.pipeline} in data["pipelines"],
    }
    assert len(ways) == 1
    return data


async def set_access(admin: Client, has: Scenery, mode: str, *grants: Json) -> None:
    """Set who may come near the furnished pipeline."""
    done = await admin.do("setPipelineAccess", pipeline={"id": has.pipeline}, mode=mode, grants=grants)
    assert done["userErrors"] == []


def level_of(seen: Json) -> str | None:
    """NONE, VIEW or EDIT, as an agent tells by what it may do."""
    if seen["pipeline"] is None:
        return None
    return "EDIT" if seen["pipeline"]["viewerCan"]["createTicket"]["allowed"] else "VIEW"


async def test_each_mode_holds_from_the_next_request_on(api: Api, scenery: Scenery) -> None:
    admin, agent = await api.client(scenery.world), await api.client(scenery.world, Role.AGENT)
    levels = []

    for mode in ("EVERYONE", "PRIVATE", "EVERYONE", "RESTRICTED", "EVERYONE"):
        await set_access(admin, scenery, mode)
        levels.append(level_of(await look(agent, scenery)))
        assert (await look(admin, scenery))["pipeline"] is not None

    assert levels == ["EDIT", None, "EDIT", None, "EDIT"]


async def test_private_is_for_its_creator_and_super_admins(api: Api, world: World, scenery: Scenery) -> None:
    editor = await api.client(world, Role.SETTINGS_EDITOR)
    made = await editor.do("createPipeline", "pipeline { id }", label="Mine")
    mine = {"id": made["pipeline"]["id"]}

    await (await api.client(world)).do("setPipelineAccess", pipeline=mine, mode="PRIVATE")

    assert (await editor.run("query ($id: ID!) { pipeline(id: $id) { id } }", **mine))["pipeline"] == mine
    assert (await editor.do("renamePipeline", pipeline=mine, label="Still mine"))["userErrors"] == []
    agent = await api.client(world, Role.AGENT)
    assert (await agent.run("query ($id: ID!) { pipeline(id: $id) { id } }", **mine))["pipeline"] is None


@pytest.mark.parametrize("level", ["VIEW", "EDIT"])
@pytest.mark.parametrize("grantee", ["userId", "teamId"])
async def test_a_grant_gives_its_level_to_a_user_or_a_team_and_to_nobody_else(
    api: Api, scenery: Scenery, grantee: str, level: str
) -> None:
    admin, agent = await api.client(scenery.world), await api.client(scenery.world, Role.AGENT)
    another = await api.client(scenery.world, scenery.world.second_agent)
    to = {grantee: scenery.user if grantee == "userId" else scenery.team}

    await set_access(admin, scenery, "RESTRICTED", {"to": to, "level": level})

    assert level_of(await look(agent, scenery)) == level
    assert level_of(await look(another, scenery)) is None


async def test_the_higher_of_two_grants_counts(api: Api, scenery: Scenery) -> None:
    admin, agent = await api.client(scenery.world), await api.client(scenery.world, Role.AGENT)
    to_user, to_team = {"to": {"userId": scenery.user}}, {"to": {"teamId": scenery.team}}

    for levels in (("VIEW", "EDIT"), ("EDIT", "VIEW")):
        await set_access(admin, scenery, "RESTRICTED", {**to_user, "level": levels[0]}, {**to_team, "level": levels[1]})

        assert level_of(await look(agent, scenery)) == "EDIT"


async def test_a_grant_ends_at_its_end(api: Api, scenery: Scenery) -> None:
    admin, agent = await api.client(scenery.world), await api.client(scenery.world, Role.AGENT)
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    await set_access(admin, scenery, "RESTRICTED", {"to": {"userId": scenery.user}, "level": "EDIT", "until": until})

    before = level_of(await look(agent, scenery))
    await db_state.execute(scenery.world, "UPDATE pipeline_grant SET until = now()")
    after = level_of(await look(agent, scenery))

    assert (before, after) == ("EDIT", None)


async def test_leaving_a_team_and_losing_a_role_hold_at_once_too(api: Api, scenery: Scenery) -> None:
    admin, agent = await api.client(scenery.world), await api.client(scenery.world, Role.AGENT)
    await set_access(admin, scenery, "RESTRICTED", {"to": {"teamId": scenery.team}, "level": "EDIT"})
    levels = [level_of(await look(agent, scenery))]

    await db_state.execute(scenery.world, "UPDATE account_user SET roles = '{VIEWER}' WHERE name = 'Agent'")
    levels.append(level_of(await look(agent, scenery)))
    await db_state.execute(scenery.world, "DELETE FROM team_member")
    levels.append(level_of(await look(agent, scenery)))

    assert levels == ["EDIT", "VIEW", None]


@pytest.mark.parametrize(("role", "fields"), [(Role.AGENT, BY_AGENT), (Role.SETTINGS_EDITOR, BY_EDITOR)])
async def test_view_is_read_only_whatever_the_roles(api: Api, scenery: Scenery, role: Role, fields: list[str]) -> None:
    admin, client = await api.client(scenery.world), await api.client(scenery.world, role)
    await set_access(admin, scenery, "RESTRICTED", {"to": {"userId": gid(scenery.world.users[role])}, "level": "VIEW"})

    for field in fields:
        refused = await client.refused(field, **input_of(field, scenery))

        assert refused["__typename"] == "NotPermittedError", field
        assert refused["message"] == "You may only view this pipeline."
    assert not (await look(client, scenery))["ticket"]["viewerCan"]["edit"]["allowed"]
