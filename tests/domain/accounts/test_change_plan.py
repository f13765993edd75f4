"""The plan of an account: changed by operators alone, effective at once, and nothing is lost or opened by it (B20)."""

from itertools import pairwise

import pytest

from domain import accounts, pipelines
from domain.access import AccessMode
from domain.errors import NotPermitted
from policies import Role, Tier
from tests.support import actions, concurrency, db_state
from tests.support.world import World


async def test_an_account_knows_its_plan(world: World) -> None:
    async with world.looking(Role.VIEWER) as work:
        account = await accounts.find_account(work)

    assert (account.id, account.slug, account.plan.service) == (world.account_id, world.slug, Tier.ENTERPRISE)
    assert account.plan == work.actor.plan


async def test_a_change_of_plan_records_before_and_after(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await world.on(Tier.STARTER)

    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("PLAN_UPDATED", "account", world.account_id)
    assert (event.actor_kind, event.actor_id) == ("OPERATOR", None)
    assert event.before == {"service": "ENTERPRISE", "marketing": "FREE"}
    assert event.after == {"service": "STARTER", "marketing": "FREE"}


async def test_the_two_tiers_are_independent(world: World) -> None:
    async with world.acting(Role.OPERATOR) as work:
        await accounts.change_plan(work, Tier.FREE, Tier.PROFESSIONAL)
    await world.on(Tier.STARTER)

    async with world.looking(Role.VIEWER) as work:
        assert work.actor.plan[:2] == (Tier.STARTER, Tier.PROFESSIONAL)


async def test_a_new_plan_holds_from_the_next_unit_on(world: World) -> None:
    async with world.looking(Role.SUPER_ADMIN) as during:
        await world.on(Tier.FREE)
        assert during.actor.plan.service is Tier.ENTERPRISE

    async with world.looking(Role.SUPER_ADMIN) as work:
        assert work.actor.plan.service is Tier.FREE


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
async def test_nobody_in_the_account_changes_its_plan(world: World, role: Role) -> None:
    async with world.acting(role) as work:
        with pytest.raises(NotPermitted) as refused:
            await accounts.change_plan(work, Tier.ENTERPRISE)

    assert refused.value.details == {"permission": "plan:change"}


async def test_a_downgrade_loses_and_opens_nothing(world: World) -> None:
    returns = await world.add_pipeline()
    await actions.open_ticket(world, "Kept")
    await actions.set_access(world, returns, AccessMode.RESTRICTED)

    await world.on(Tier.FREE)

    assert (await db_state.board(world))["new"] == ["Kept"]
    async with world.looking(Role.AGENT) as work:
        assert [each.label for each in await pipelines.list_pipelines(work)] == ["Support Pipeline"]
    async with world.looking(Role.SUPER_ADMIN) as work:
        assert len(await pipelines.list_pipelines(work)) == 2


async def test_changes_of_plan_at_once_take_turns(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await concurrency.together(*[world.on(tier) for tier in Tier])

    steps = sorted(happened, key=lambda event: event.at)
    for earlier, later in pairwise(steps):
        assert earlier.after == later.before
