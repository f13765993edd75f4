"""account: the tenant with its plan, its limits, and what the viewer may do in it."""

import pytest

from policies import Role, Tier
from tests.support import actions, db_state
from tests.support.client import Api
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(
    example=lambda _: {},
    budget=2,
    selects="name plan { serviceTier } limits { pipelines { limit used } }",
)


async def test_the_account_tells_what_it_is_and_has_bought(api: Api, world: World) -> None:
    bought = "add_ons = '{TRANSACTIONAL_EMAIL}', marketing_tier = 'STARTER', time_zone = 'Europe/Amsterdam'"
    await db_state.execute(world, f"UPDATE account SET {bought}")  # noqa: S608

    data = await (await api.client(world, Role.VIEWER)).run(
        "{ account { name slug timeZone locale plan { serviceTier marketingTier addOns } } }"
    )

    assert data["account"] == {
        "name": world.slug.title(),
        "slug": world.slug,
        "timeZone": "Europe/Amsterdam",
        "locale": "en",
        "plan": {"serviceTier": "ENTERPRISE", "marketingTier": "STARTER", "addOns": ["TRANSACTIONAL_EMAIL"]},
    }


@pytest.mark.parametrize(
    ("tier", "limit"), [(Tier.FREE, 1), (Tier.STARTER, 2), (Tier.PROFESSIONAL, 15), (Tier.ENTERPRISE, 100)]
)
async def test_limits_are_those_of_the_plan(api: Api, world: World, tier: Tier, limit: int) -> None:
    await world.on(tier)

    data = await (await api.client(world)).run("{ account { limits { pipelines { limit used } } } }")

    assert data["account"]["limits"] == {"pipelines": {"limit": limit, "used": 1}}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT, Role.WORKFLOW_EDITOR])
async def test_how_many_pipelines_there_are_is_for_who_may_create_some(api: Api, world: World, role: Role) -> None:
    await actions.create_pipeline(world, "Another")

    data = await (await api.client(world, role)).run("{ account { limits { pipelines { limit used } } } }")

    assert data["account"]["limits"] == {"pipelines": {"limit": 100, "used": None}}
