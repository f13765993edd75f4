"""Reopening a ticket (S19)."""

import pytest

from domain import pipelines, tickets
from domain.errors import Conflict, Invalid
from domain.pipelines import StageDraft, StageState
from domain.reference import Ref
from policies import Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED


async def test_reopening_returns_to_the_last_open_stage_that_was_left(world: World) -> None:
    ticket = await actions.open_ticket(world, "No sound")
    await actions.move(world, ticket, "waiting_on_us")
    await actions.move(world, ticket, "waiting_on_contact")
    await actions.close(world, ticket)

    async with db_state.recorded(world) as happened:
        await actions.reopen(world, ticket)

    assert (await db_state.board(world))["waiting_on_contact"] == ["No sound"]
    assert db_state.kinds(happened) == ["TICKET_MOVED", "TICKET_REOPENED"]
    await db_state.assert_sound(world)


async def test_reopening_a_ticket_that_was_never_in_an_open_stage_goes_to_the_first_one(world: World) -> None:
    await actions.reorder_stages(world, "waiting_on_us", "new", "waiting_on_contact", "closed")
    ticket = await actions.open_ticket(world, "No sound", stage="closed")

    await actions.reopen(world, ticket)

    assert (await db_state.board(world))["waiting_on_us"] == ["No sound"]


async def test_reopening_passes_over_stages_that_are_gone_or_closed_by_now(world: World) -> None:
    ticket = await actions.open_ticket(world, "No sound")
    for stage in ("waiting_on_contact", "waiting_on_us"):
        await actions.move(world, ticket, stage)
    await actions.close(world, ticket)
    await actions.delete_stage(world, "waiting_on_us")
    await actions.flip(world, "waiting_on_contact", CLOSED)

    await actions.reopen(world, ticket)

    assert (await db_state.board(world))["new"] == ["No sound"]


async def test_reopening_stays_in_the_pipeline_where_the_ticket_is(world: World) -> None:
    returns = Ref(id=await actions.create_pipeline(world, "R", [StageDraft("Todo", OPEN), StageDraft("Done", CLOSED)]))
    ticket = await actions.open_ticket(world, "No sound")
    await actions.move(world, ticket, "done", to=returns)

    await actions.reopen(world, ticket)

    assert (await db_state.board(world, returns))["todo"] == ["No sound"]


async def test_a_ticket_that_was_closed_by_flipping_its_stage_can_be_reopened(world: World) -> None:
    ticket = await actions.open_ticket(world, "No sound", stage="waiting_on_us")
    await actions.flip(world, "waiting_on_us", CLOSED)

    await actions.reopen(world, ticket)

    assert (await db_state.board(world))["new"] == ["No sound"]
    await db_state.assert_sound(world)


async def test_what_is_open_is_not_reopened(world: World) -> None:
    ticket = await actions.open_ticket(world)

    with pytest.raises(Invalid, match="not closed"):
        await actions.reopen(world, ticket)


async def test_a_ticket_is_not_put_back_in_a_stage_that_stops_being_open_meanwhile(world: World) -> None:
    ticket = await actions.open_ticket(world)
    await actions.close(world, ticket)

    async with world.acting(Role.SETTINGS_EDITOR) as first:
        found = await pipelines.lock_pipeline(first, None)
        await tickets.set_stage_state(first, found, pipelines.find_stage(found, actions.named("new")), CLOSED)
        late = concurrency.start(actions.reopen(world, ticket))
        await concurrency.until_waiting(world)

    with pytest.raises(Conflict):
        await late
    assert (await db_state.board(world))["closed"] == ["A question"]
