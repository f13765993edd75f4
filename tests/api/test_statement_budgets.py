"""What each operation costs: an exact number of statements, whatever the number of cards and stages (performance 1)."""

import pytest
from graphql import GraphQLObjectType, get_named_type

from domain import pipelines
from domain.reference import Ref
from schema.ids import read_id
from tests.support.bulk_data import add_stages, crowd
from tests.support.client import Api, Client, mutation
from tests.support.fixtures import Scenery, furnish
from tests.support.operations import INPUTS, QUERIES, arguments
from tests.support.schema_walk import root_fields
from tests.support.statements import Statements, counting
from tests.support.world import World

# Statements beyond the two that every unit of work begins with: setting the tenant and reading the actor.
BUDGETS = {
    "viewer": 3,
    "account": 2,
    "users": 1,
    "teams": 1,
    "sessions": 1,
    "properties": 1,
    "pipelines": 1,
    "pipeline": 1,
    "board": 3,
    "stageCards": 3,
    "ticket": 4,
    "auditEvents": 1,
    "auditSeal": 3,
    "explainAccess": 9,
    "accessReview": 7,
    "members": 4,
    "member": 4,
    "customRoles": 1,
    "permissions": 0,
    "apps": 5,
    "app": 5,
    "node": 2,
    "nodes": 5,
    "endUserSessions": 3,
    "inviteUser": 17,
    "renewInvitation": 13,
    "cancelInvitation": 10,
    "setUserRoles": 13,
    "setTicketScopes": 9,
    "renameUser": 9,
    "deactivateUser": 10,
    "reactivateUser": 11,
    "createTeam": 7,
    "updateTeam": 9,
    "deactivateTeam": 6,
    "reactivateTeam": 6,
    "createRole": 7,
    "updateRole": 7,
    "deleteRole": 6,
    "createApp": 14,
    "updateApp": 11,
    "rotateAppSecret": 10,
    "revokeAppSecret": 11,
    "adoptApp": 7,
    "deleteApp": 5,
    "createPipeline": 8,
    "renamePipeline": 6,
    "setPipelineCard": 7,
    "reorderPipelines": 6,
    "deletePipeline": 12,
    "setPipelineAccess": 10,
    "grantPipelineAccess": 9,
    "revokePipelineAccess": 5,
    "addStage": 8,
    "restoreDefaultStages": 10,
    "updateStage": 6,
    "reorderStages": 7,
    "deleteStage": 19,
    "createTicket": 14,
    "updateTicket": 8,
    "moveTicket": 8,
    "closeTicket": 6,
    "reopenTicket": 7,
    "assignTicket": 9,
    "deleteTicket": 8,
}

# All statements of flipping a stage with tickets in it.
FLIPPING = 14

PIPELINE = "id label stages { id label state } card { name label } viewerCan { edit { allowed code } }"
TICKET = """id key subject priority stage { id label } owner { id name } team { id name }
cardProperties { name label value } viewerCan { edit { allowed code } }"""
CARDS = f"edges {{ cursor node {{ {TICKET} }} }} pageInfo {{ hasNextPage endCursor }}"
APP = "name permissions reach pipelines { id label } state sponsor { name } secrets { id state lastUsedAt }"
SHOWN = {"pipeline": PIPELINE, "pipelines": PIPELINE, "stage": "id label", "ticket": TICKET, "app": APP}
SHOWN |= {"member": "state revision teams { name }", "role": "name permissions", "team": "id name members { name }"}
ASKED = {
    "viewer": "{ viewer { user { name } roles account { name limits { pipelines { limit used } } } } }",
    "account": "{ account { name plan { serviceTier } limits { pipelines { limit used } } } }",
    "users": "{ users { id name } }",
    "teams": "{ teams { id name } }",
    "sessions": "{ sessions { id lastUsedAt current } }",
    "properties": "{ properties { internalName } }",
    "pipelines": f"{{ pipelines {{ {PIPELINE} }} }}",
    "pipeline": f"query ($id: ID!) {{ pipeline(id: $id) {{ {PIPELINE} }} }}",
    "board": f"""query ($pipeline: PipelineRef!, $first: Int!) {{ board(pipeline: $pipeline, first: $first) {{
        pipeline {{ {PIPELINE} }} stages {{ stage {{ id label }} totalCount cards {{ {CARDS} }} }} }} }}""",
    "stageCards": f"""query ($stageId: ID!, $first: Int!, $after: String) {{
        stageCards(stageId: $stageId, first: $first, after: $after) {{ {CARDS} }} }}""",
    "ticket": f"""query ($key: String, $pipeline: PipelineRef) {{
        ticket(key: $key, pipeline: $pipeline) {{ {TICKET} }} }}""",
    "auditEvents": """query ($filter: AuditEventFilter, $first: Int!) { auditEvents(filter: $filter, first: $first) {
        edges { cursor node { id at kind actorName object: objectId changes { name before after } } } } }""",
    "auditSeal": "{ auditSeal { lastNumber digest waiting head { signature } } }",
    "explainAccess": """query ($userId: ID!, $ticketId: ID!, $permission: String!) {
        explainAccess(userId: $userId, ticketId: $ticketId, permission: $permission) {
            allowed user { name } pipeline { label } steps { passed grants { level team { name } } } } }""",
    "accessReview": """query ($filter: AccessReviewFilter, $first: Int!) {
        accessReview(filter: $filter, first: $first) {
            nodes { pipeline { label } user { name } app { name } level why team { name } } } }""",
    "members": """query ($states: [UserState!]!, $first: Int!, $after: String) {
        members(states: $states, first: $first, after: $after) {
            nodes { user { name } roles customRoles { name } teams { name } invitation { expiresAt } } } }""",
    "member": "query ($userId: ID!) { member(userId: $userId) { state roles customRoles { name } teams { name } } }",
    "customRoles": "{ customRoles { name permissions } }",
    "permissions": "{ permissions { name needed } }",
    "apps": f"{{ apps {{ {APP} }} }}",
    "app": f"query ($id: ID!) {{ app(id: $id) {{ {APP} }} }}",
    "node": "query ($id: ID!) { node(id: $id) { id ... on Ticket { subject } } }",
    "nodes": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
}


MUCH = pytest.mark.parametrize(("cards", "more_stages"), [(2, 0), (200, 20)])


@MUCH
@pytest.mark.parametrize("field", INPUTS)
async def test_a_mutation_keeps_to_its_budget(api: Api, world: World, field: str, cards: int, more_stages: int) -> None:
    has = await furnish_fully(world, cards, more_stages)
    client = await api.client(world)

    counted = await spent(api, client, field, has)

    # One to change things, and one to read what is shown of them, which is nothing after a deletion.
    units = 1 if field in {"deleteApp", "deleteRole", "deletePipeline", "deleteTicket", "endUserSessions"} else 2
    assert (counted.tenant, counted.actor) == (units, units)
    assert len(counted.own) == BUDGETS[field], "\n".join(counted.own)


@MUCH
async def test_queries_keep_to_their_budgets(api: Api, world: World, cards: int, more_stages: int) -> None:
    has = await furnish_fully(world, cards, more_stages)
    client = await api.client(world)

    for field in QUERIES:
        counted = await spent(api, client, field, has)

        assert (counted.tenant, counted.actor) == (1, 1)
        assert len(counted.own) == BUDGETS[field], "\n".join((field, *counted.own))


@pytest.mark.parametrize("cards", [2, 200])
async def test_flipping_a_stage_costs_the_same_however_many_tickets_it_closes(
    api: Api, world: World, cards: int
) -> None:
    await furnish_fully(world, cards, 0)
    client = await api.client(world)
    support = {"pipeline": {"internalName": "support"}, "stage": {"internalName": "waiting_on_us"}}

    with counting(api.engine) as counted:
        done = await client.do("updateStage", **support, state="CLOSED")

    assert done["userErrors"] == []
    assert counted.total == FLIPPING


async def test_people_cost_one_statement_however_many_are_shown(api: Api, world: World) -> None:
    has = await furnish_fully(world, 20, 0)
    client = await api.client(world)
    without = "query ($id: ID!) { board(pipeline: {id: $id}) { stages { totalCount cards { nodes { id subject } } } } }"
    with_visits = (
        "query ($id: ID!) { board(pipeline: {id: $id}) { stages { cards { nodes { visits { enteredAt } } } } } }"
    )

    costs = []
    for document in (without, with_visits):
        with counting(api.engine) as counted:
            await client.run(document, id=has.pipeline)
        costs.append(len(counted.own))

    assert costs == [2, 3]


async def test_the_root_fields_of_a_query_share_one_unit_of_work(api: Api, world: World) -> None:
    client = await api.client(world)

    with counting(api.engine) as counted:
        await client.run("{ users { id } teams { id } pipelines { id } }")

    assert (counted.tenant, counted.actor, len(counted.own)) == (1, 1, 3)


def test_every_operation_has_a_budget() -> None:
    assert set(BUDGETS) == {*QUERIES, *INPUTS}


async def furnish_fully(world: World, cards: int, more_stages: int) -> Scenery:
    """A furnished world with more cards in two stages, and more stages in both pipelines."""
    await add_stages(world, await world.pipeline(), more_stages)
    home = await world.pipeline()
    has = await furnish(world, home)
    for name in ("new", "waiting_on_us"):
        await crowd(world, pipelines.find_stage(home, Ref(internal_name=name)), cards)
    await add_stages(world, await world.pipeline(Ref(id=read_id(has.spare)[1])), more_stages)
    return has


async def spent(api: Api, client: Client, field: str, has: Scenery) -> Statements:
    """The statements of one operation that is not declined, asked as a client would."""
    if field in QUERIES:
        with counting(api.engine) as counted:
            data = await client.run(ASKED[field], **arguments(field, has))
        assert data[field]
        return counted
    payload = get_named_type(root_fields()[field].type)
    assert isinstance(payload, GraphQLObjectType)
    shown = " ".join(f"{name} {{ {SHOWN[name]} }}" for name in payload.fields if name in SHOWN)
    with counting(api.engine) as counted:
        data = await client.run(mutation(field, shown), **arguments(field, has))
    assert data[field]["userErrors"] == []
    return counted
