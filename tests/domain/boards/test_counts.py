"""Kept counts: everybody is told how many tickets of a stage they see, without counting or waiting (decision 29)."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from domain import boards, pipelines, tickets
from domain.actor import Reach
from domain.boards.stage_count import StageCount, StageShare
from domain.database.transaction import transaction
from domain.reference import Ref
from policies import Role
from tests.support import actions, db_state
from tests.support.world import World


async def totals(world: World, who: Role = Role.VIEWER) -> dict[str, int]:
    """The totals of the default board, by stage."""
    async with world.looking(who) as work:
        columns = await boards.read_board(work, await pipelines.read_pipeline(work, None), 1)
    return {column.stage.internal_name: column.total for column in columns}


async def kept(world: World) -> list[int]:
    """The changes that are kept, of all stages."""
    rows = await db_state.rows(world, select(StageCount).where(StageCount.account_id == world.account_id))
    return sorted(row.change for row in rows)


async def shares(world: World) -> dict[UUID, int]:
    """The changes that are kept of shares, by the id of their row."""
    rows = await db_state.rows(world, select(StageShare).where(StageShare.account_id == world.account_id))
    return {row.id: row.change for row in rows}


async def cards(world: World, who: Role) -> dict[str, int]:
    """How many cards the default board has, by stage."""
    return {stage: len(subjects) for stage, subjects in (await db_state.board(world, who=who)).items()}


async def fold(world: World) -> None:
    async with transaction(world.sessions, world.account_id) as session:
        await boards.fold_counts(session, world.account_id)


async def test_opening_moving_and_deleting_change_the_totals(world: World) -> None:
    first, second, third = await actions.open_tickets(world, *"abc")

    await actions.move(world, first, "closed")
    await actions.move(world, second, "new")
    await actions.delete_ticket(world, third)

    assert await totals(world) == {"new": 1, "waiting_on_contact": 0, "waiting_on_us": 0, "closed": 1}
    await db_state.assert_sound(world)


async def test_folding_leaves_one_row_for_each_stage_and_the_same_totals(world: World) -> None:
    moved, *_ = await actions.open_tickets(world, *"abcd")
    await actions.move(world, moved, "closed")
    before = await totals(world)

    await fold(world)

    assert await kept(world) == [1, 3]
    assert await totals(world) == before


async def test_who_reads_while_they_are_folded_sees_the_same_totals_before_and_after(world: World) -> None:
    await actions.open_tickets(world, *"abc")

    async with world.looking(Role.VIEWER) as work:
        pipeline = await pipelines.read_pipeline(work, None)
        before = [column.total for column in await boards.read_board(work, pipeline, 1)]
        await fold(world)
        await actions.open_ticket(world)
        after = [column.total for column in await boards.read_board(work, pipeline, 1)]

    assert before == after == [3, 0, 0, 0]


async def test_two_moves_out_of_one_stage_do_not_wait_for_each_other(world: World) -> None:
    one, two = await actions.open_tickets(world, "one", "two")

    async with asyncio.timeout(10), world.acting(Role.AGENT) as first:
        card, home, _ = await tickets.read_ticket(first, one)
        goal = pipelines.find_stage(home, Ref(internal_name="closed"))
        await tickets.move_ticket(first, card, source=home, target=home, stage=goal)
        await actions.move(world, two, "waiting_on_us")

    assert await totals(world) == {"new": 0, "waiting_on_contact": 0, "waiting_on_us": 1, "closed": 1}


@pytest.mark.parametrize("reach", [*Reach])
@pytest.mark.parametrize("unassigned", [True, False])
async def test_every_scope_is_told_as_many_as_it_is_shown(world: World, reach: Reach, unassigned: bool) -> None:
    mine, others = world.users[Role.AGENT].id, world.second_agent.id
    blue, red = (world.teams[name].id for name in ("blue", "red"))
    whose = [(mine, None), (mine, red), (others, None), (others, blue), (None, blue), (None, red), (None, None)]
    made = [await actions.open_ticket(world, owner=owner, team=team, who=Role.SUPER_ADMIN) for owner, team in whose * 2]
    await db_state.execute(
        world, "UPDATE account_user SET view_reach = :reach, view_unassigned = :un WHERE name = 'Agent'",
        reach=reach.value, un=unassigned,
    )  # fmt: skip

    assert await totals(world, Role.AGENT) == await cards(world, Role.AGENT)
    await fold(world)
    assert await totals(world, Role.AGENT) == await cards(world, Role.AGENT)
    for ticket in made[:7]:
        await actions.move(world, ticket, "closed", who=Role.SUPER_ADMIN)
        await actions.assign(world, ticket, owner_id=others, team_id=None, who=Role.SUPER_ADMIN)
    await actions.delete_ticket(world, made[7], who=Role.SUPER_ADMIN)
    assert await totals(world, Role.AGENT) == await cards(world, Role.AGENT)
    await fold(world)
    assert await totals(world, Role.AGENT) == await cards(world, Role.AGENT)
    await db_state.assert_sound(world)


async def test_folding_rewrites_those_shares_alone_that_changed(world: World) -> None:
    mine, others = world.users[Role.AGENT].id, world.second_agent.id
    *_, moved = [await actions.open_ticket(world, owner=owner) for owner in (mine, mine, mine, others, None)]
    await fold(world)
    before = await shares(world)

    await actions.move(world, moved, "closed")
    await fold(world)

    after = await shares(world)
    assert sorted(before.values()) == [1, 1, 3]
    assert sorted(after.values()) == [1, 1, 3]
    assert sorted(after[row] for row in before.keys() & after.keys()) == [1, 3]


async def test_who_sees_only_some_tickets_is_told_of_those_alone(world: World) -> None:
    await actions.open_ticket(world, "theirs", owner=world.users[Role.AGENT].id)
    await actions.open_ticket(world, "somebody's", owner=world.second_agent.id)
    await db_state.execute(
        world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false WHERE name = 'Agent'"
    )

    assert (await totals(world, Role.AGENT))["new"] == 1
    assert (await totals(world, Role.SUPER_ADMIN))["new"] == 2


async def test_folding_forgets_the_counts_of_a_stage_that_was_deleted(world: World) -> None:
    ticket = await actions.open_ticket(world, stage="waiting_on_us")
    await actions.move(world, ticket, "new")
    home = await world.pipeline()
    gone = pipelines.find_stage(home, Ref(internal_name="waiting_on_us"))

    await actions.delete_stage(world, "waiting_on_us")
    await fold(world)

    for kept_of in (StageCount, StageShare):
        assert await db_state.rows(world, select(kept_of).where(kept_of.stage_id == gone.id)) == []
    await db_state.assert_sound(world)
