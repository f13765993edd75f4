"""explainAccess: whether somebody may do something, and by which rule, role, grant, team, scope or plan (B17)."""

import pytest

from domain.access import AccessMode, Grantee
from policies import Level, Permission, Role, Tier
from schema.ids import Kind
from tests.support import actions, db_state
from tests.support.client import Api, Json
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import Query
from tests.support.statements import counting
from tests.support.world import World

OPERATION = Query(
    example=lambda has: {"userId": has.user, "ticketId": has.ticket, "permission": "ticket:write"},
    budget=9,
    selects="allowed user { name } pipeline { label } steps { passed grants { level team { name } } }",
    alternatives=(frozenset({"pipelineId"}), frozenset({"ticketId"})),
)


EXPLAIN = """query ($user: ID!, $pipeline: ID, $ticket: ID, $permission: String!) {
  explainAccess(userId: $user, pipelineId: $pipeline, ticketId: $ticket, permission: $permission) {
    user { name } pipeline { label } permission { name level } allowed code sentence
    steps { kind passed sentence mode isCreator level rule roles customRoles
      grants { level team { name } grantedAt grantedBy { name } until counts }
      scope { reach unassigned } plan { serviceTier } neededPlan { serviceTier } } } }"""


async def steps(api: Api, world: World, **asked: str) -> tuple[Json, dict[str, Json]]:
    """What a super admin is told, and the steps by their kind."""
    told = (await (await api.client(world)).run(EXPLAIN, **asked))["explainAccess"]
    return told, {step["kind"]: step for step in told["steps"]}


async def test_every_step_is_told_with_the_facts_that_it_rests_on(api: Api, world: World) -> None:
    returns, agent = await world.add_pipeline(), world.users[Role.AGENT]
    await actions.set_access(world, returns, AccessMode.RESTRICTED, Grantee(Level.VIEW, team_id=world.teams["blue"].id))

    told, by_kind = await steps(api, world, user=gid(agent), pipeline=gid(returns), permission="ticket:write")

    assert list(by_kind) == ["TENANT", "VISIBLE", "PERMISSION", "LEVEL", "EDIT_SCOPE", "PLAN"]
    assert [step["passed"] for step in told["steps"]] == [True, True, True, False, True, True]
    assert (told["allowed"], told["code"]) == (False, "NOT_PERMITTED")
    assert told["sentence"] == by_kind["LEVEL"]["sentence"] == "ticket:write needs EDIT level, and Agent has VIEW."
    assert (told["user"]["name"], told["pipeline"]["label"]) == ("Agent", "Returns")
    assert told["permission"] == {"name": "ticket:write", "level": "EDIT"}
    [grant] = by_kind["VISIBLE"]["grants"]
    assert (grant["level"], grant["team"], grant["counts"]) == ("VIEW", {"name": "Blue"}, True)
    assert (grant["grantedBy"], grant["until"]) == ({"name": "Super_Admin"}, None)
    assert (by_kind["VISIBLE"]["mode"], by_kind["VISIBLE"]["level"]) == ("RESTRICTED", "VIEW")
    assert by_kind["PERMISSION"]["roles"] == ["AGENT"]
    assert by_kind["PERMISSION"]["rule"] == "p,ticket:write,AGENT,EDIT,FREE,FREE,NONE,ANYONE"
    assert by_kind["EDIT_SCOPE"]["scope"] == {"reach": "ALL", "unassigned": True}
    assert by_kind["PLAN"]["plan"] == {"serviceTier": "ENTERPRISE"}
    assert by_kind["PLAN"]["neededPlan"] == {"serviceTier": "FREE"}


async def test_of_a_ticket_both_scopes_are_told(api: Api, world: World) -> None:
    ticket = await actions.open_ticket(world, owner=world.second_agent.id)
    await db_state.execute(world, "UPDATE account_user SET edit_reach = 'OWN', edit_unassigned = false")
    ids = {"user": gid(world.users[Role.AGENT]), "ticket": gid(await db_state.ticket(world, ticket))}

    told, by_kind = await steps(api, world, **ids, permission="ticket:write")

    assert told["code"] == "NOT_PERMITTED"
    assert told["sentence"] == "The ticket is outside the tickets that Agent may edit."
    assert by_kind["VISIBLE"]["scope"] == {"reach": "ALL", "unassigned": True}
    assert by_kind["EDIT_SCOPE"]["scope"] == {"reach": "OWN", "unassigned": False}


async def test_a_plan_that_is_too_low_is_told_with_the_one_that_would_do(api: Api, world: World) -> None:
    await world.on(Tier.FREE)
    editor = gid(world.users[Role.SETTINGS_EDITOR])

    told, by_kind = await steps(api, world, user=editor, pipeline=gid(await world.pipeline()), permission="stage:add")

    assert (told["allowed"], told["code"]) == (False, "PLAN_TOO_LOW")
    assert by_kind["PLAN"]["neededPlan"] == {"serviceTier": "STARTER"}
    assert [kind for kind, step in by_kind.items() if not step["passed"]] == ["PLAN"]


async def test_people_may_ask_about_themselves_and_what_they_see(api: Api, world: World) -> None:
    returns = await world.add_pipeline()
    await actions.set_access(world, returns, AccessMode.PRIVATE)
    client, me = await api.client(world, Role.VIEWER), gid(world.users[Role.VIEWER])
    seen, other = gid(await world.pipeline()), gid(world.users[Role.AGENT])

    mine = await client.run(EXPLAIN, user=me, pipeline=seen, permission="ticket:write")
    nothing = [
        await client.run(EXPLAIN, user=user, pipeline=pipeline, permission="ticket:write")
        for user, pipeline in (
            (me, gid(returns)),
            (me, unknown(Kind.PIPELINE)),
            (other, seen),
            (other, gid(returns)),
            (unknown(Kind.USER), seen),
        )
    ]

    assert mine["explainAccess"]["code"] == "NOT_PERMITTED"
    assert nothing == [{"explainAccess": None}] * 5


async def test_what_is_hidden_costs_as_much_as_what_never_was(api: Api, world: World) -> None:
    returns = await world.add_pipeline()
    await actions.set_access(world, returns, AccessMode.PRIVATE)
    client, me = await api.client(world, Role.VIEWER), gid(world.users[Role.VIEWER])

    costs = []
    for pipeline in (gid(returns), unknown(Kind.PIPELINE)):
        with counting(api.engine) as counted:
            await client.run(EXPLAIN, user=me, pipeline=pipeline, permission="pipeline:view")
        costs.append(counted.total)

    assert costs[0] == costs[1]


async def test_super_admins_are_told_of_who_left(api: Api, world: World) -> None:
    viewer = world.users[Role.VIEWER]
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE id = :id", id=viewer.id)

    told, by_kind = await steps(
        api, world, user=gid(viewer), pipeline=gid(await world.pipeline()), permission="pipeline:view"
    )

    assert (told["allowed"], told["code"], by_kind["TENANT"]["passed"]) == (False, "NOT_FOUND", False)
    assert told["sentence"] == "Viewer is not an active user of the account."


@pytest.mark.parametrize("permission", Permission)
async def test_every_permission_can_be_asked_about(api: Api, still_life: Scenery, permission: Permission) -> None:
    client = await api.client(still_life.world)

    data = await client.run(EXPLAIN, user=still_life.user, ticket=still_life.ticket, permission=permission.value)

    assert data["explainAccess"]["permission"]["name"] == permission.value


@pytest.mark.parametrize(
    "asked",
    [
        {"permission": "ticket:burn", "pipeline": unknown(Kind.PIPELINE)},
        {"permission": "ticket:write"},
        {"permission": "ticket:write", "pipeline": unknown(Kind.PIPELINE), "ticket": unknown(Kind.TICKET)},
    ],
)
async def test_what_cannot_be_asked_is_bad_input(api: Api, still_life: Scenery, asked: Json) -> None:
    client = await api.client(still_life.world)

    assert await client.code(EXPLAIN, user=still_life.user, **asked) == "BAD_USER_INPUT"
