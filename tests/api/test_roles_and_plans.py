"""The gate as clients meet it: what each role may do, what each plan includes, and two refusals that are independent
(S4, S6, S7, S11, S12).
"""

import pytest

from domain.pipelines import StageState
from policies import Role, Tier
from tests.support import actions
from tests.support.client import Api, Json
from tests.support.fixtures import Scenery
from tests.support.operations import input_of, mutations
from tests.support.world import PEOPLE, World

ABOUT_TICKETS = {field for field in mutations() if field.endswith("Ticket")}
FOR_SUPER_ADMINS = {field for field, each in mutations().items() if each.least_role is Role.SUPER_ADMIN}
# Deleting a stage with its tickets going elsewhere moves tickets, which takes an agent as well.
MAY: dict[Role, set[str]] = {
    Role.VIEWER: set(),
    Role.WORKFLOW_EDITOR: set(),
    Role.AGENT: ABOUT_TICKETS,
    Role.SETTINGS_EDITOR: set(mutations()) - ABOUT_TICKETS - FOR_SUPER_ADMINS,
    Role.SUPER_ADMIN: set(mutations()),
}
ABILITIES = """query ($pipeline: ID!, $ticket: ID!) {
  account { viewerCan { createPipeline { ...why } reorderPipelines { ...why } } }
  pipeline(id: $pipeline) { viewerCan {
    renamePipeline: edit { ...why } addStage { ...why } deletePipeline: delete { ...why }
    setPipelineAccess: manageAccess { ...why } revokePipelineAccess: reduceAccess { ...why } createTicket { ...why } } }
  ticket(id: $ticket) { viewerCan { updateTicket: edit { ...why } deleteTicket: delete { ...why } } }
}
fragment why on Ability { allowed code reason }"""


@pytest.mark.parametrize("role", PEOPLE)
async def test_a_role_may_do_this_and_nothing_else(api: Api, scenery: Scenery, role: Role) -> None:
    client = await api.client(scenery.world, role)

    for field in sorted(set(mutations()) - MAY[role]):
        refused = await client.refused(field, **input_of(field, scenery))

        assert (refused["__typename"], refused["code"]) == ("NotPermittedError", "NOT_PERMITTED"), field
        assert refused["permission"] in refused["message"]


@pytest.mark.parametrize(
    ("role", "field"), [(role, field) for role in (Role.AGENT, Role.SETTINGS_EDITOR) for field in sorted(MAY[role])]
)
async def test_who_may_do_it_does_it(api: Api, scenery: Scenery, role: Role, field: str) -> None:
    client = await api.client(scenery.world, role)

    done = await client.do(field, **input_of(field, scenery))

    assert done["userErrors"] == []


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("role", PEOPLE)
async def test_what_a_viewer_can_is_what_the_gate_says(api: Api, still_life: Scenery, role: Role, tier: Tier) -> None:
    await still_life.world.on(tier)
    client = await api.client(still_life.world, role)

    data = await client.run(ABILITIES, pipeline=still_life.pipeline, ticket=still_life.ticket)

    for of in ("account", "pipeline", "ticket"):
        for field, ability in data[of]["viewerCan"].items():
            heard = await client.refused(field, **declined_late(field, still_life))
            by_the_gate = heard["code"] in {"NOT_PERMITTED", "PLAN_TOO_LOW"}
            assert ability["allowed"] is not by_the_gate, field
            assert ability["code"] == (heard["code"] if by_the_gate else None)
            assert ability["reason"] == (heard["message"] if by_the_gate else None)


@pytest.mark.parametrize(
    ("field", "tier", "needed"),
    [
        ("addStage", Tier.FREE, "STARTER"),
        ("setPipelineAccess", Tier.FREE, "PROFESSIONAL"),
        ("setPipelineAccess", Tier.STARTER, "PROFESSIONAL"),
        ("grantPipelineAccess", Tier.STARTER, "PROFESSIONAL"),
    ],
)
async def test_a_plan_that_is_too_low_is_told_with_the_one_that_would_do(
    api: Api, scenery: Scenery, field: str, tier: Tier, needed: str
) -> None:
    await scenery.world.on(tier)
    admin, viewer = await api.client(scenery.world), await api.client(scenery.world, Role.VIEWER)

    too_low = await admin.refused(field, **input_of(field, scenery))
    not_permitted = await viewer.refused(field, **input_of(field, scenery))
    await scenery.world.on(Tier(needed))
    done = await admin.do(field, **input_of(field, scenery))

    assert (too_low["__typename"], too_low["code"]) == ("PlanTooLowError", "PLAN_TOO_LOW")
    assert (too_low["needed"], too_low["current"]) == (needed, tier.value)
    assert not_permitted["code"] == "NOT_PERMITTED"
    assert done["userErrors"] == []


@pytest.mark.parametrize(("tier", "limit"), [(Tier.FREE, 1), (Tier.STARTER, 2), (Tier.PROFESSIONAL, 15)])
async def test_a_plan_has_so_many_pipelines_and_says_so(api: Api, world: World, tier: Tier, limit: int) -> None:
    client = await api.client(world, Role.SETTINGS_EDITOR)
    for number in range(1, limit):
        await actions.create_pipeline(world, f"Number {number}")
    await world.on(tier)

    refused = await client.refused("createPipeline", label="One too many")
    limits = await client.run("{ account { plan { serviceTier } limits { pipelines { limit used } } } }")

    assert (refused["__typename"], refused["code"]) == ("PlanLimitReachedError", "PLAN_LIMIT_REACHED")
    assert (refused["plan"], refused["limit"], refused["used"]) == (tier.value, limit, limit)
    assert limits["account"] == {
        "plan": {"serviceTier": tier.value},
        "limits": {"pipelines": {"limit": limit, "used": limit}},
    }


async def test_free_may_arrange_what_it_has(api: Api, world: World) -> None:
    await actions.add_stage(world, "Parked", StageState.OPEN)
    await world.on(Tier.FREE)
    client = await api.client(world, Role.SETTINGS_EDITOR)
    pipeline, parked = {"internalName": "support"}, {"internalName": "parked"}

    allowed: dict[str, Json] = {
        "renamePipeline": {"label": "Help"},
        "setPipelineCard": {"properties": ["owner"]},
        "updateStage": {"stage": parked, "label": "On hold", "state": "CLOSED"},
        "deleteStage": {"stage": {"internalName": "closed"}},
        "restoreDefaultStages": {},
    }
    for field, given in allowed.items():
        assert (await client.do(field, pipeline=pipeline, **given))["userErrors"] == [], field


def declined_late(field: str, has: Scenery) -> Json:
    """Input that is declined by a rule of its own where the gate lets it pass, so that nothing is changed."""
    pipeline, ticket = {"pipeline": {"id": has.pipeline}}, {"ticketId": has.ticket}
    given: dict[str, Json] = {
        "createPipeline": {"label": ""},
        "reorderPipelines": {"order": []},
        "renamePipeline": {**pipeline, "label": ""},
        "addStage": {**pipeline, "label": "", "state": "OPEN"},
        "deletePipeline": pipeline,
        "setPipelineAccess": {**pipeline, "mode": "PRIVATE", "expectedRevision": 4711},
        "revokePipelineAccess": {**pipeline, "from": {"userId": has.user}, "expectedRevision": 4711},
        "createTicket": {**pipeline, "subject": ""},
        "updateTicket": {**ticket, "subject": ""},
        "deleteTicket": {**ticket, "expectedRevision": 4711},
    }
    return given[field]
