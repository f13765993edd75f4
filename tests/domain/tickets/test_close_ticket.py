"""Closing a ticket (S19)."""

import pytest

from domain import pipelines, tickets
from domain.access import AccessMode, Grantee
from domain.errors import Conflict, Invalid, NotFound, NotPermitted
from domain.pipelines import StageState
from policies import Level, Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED


async def test_closing_moves_the_ticket_to_the_first_closed_stage(world: World) -> None:
    await actions.add_stage(world, "Rejected", CLOSED)
    await actions.reorder_stages(world, "new", "rejected", "waiting_on_contact", "waiting_on_us", "closed")
    closed = await actions.open_ticket(world, "No sound")

    async with db_state.recorded(world) as happened:
        await actions.close(world, closed)

    assert (await db_state.board(world))["rejected"] == ["No sound"]
    assert db_state.kinds(happened) == ["TICKET_MOVED", "TICKET_CLOSED"]
    assert happened[1].after == {"stage": str((await db_state.ticket(world, closed)).stage_id)}
    await db_state.assert_sound(world)


async def test_closing_may_name_a_closed_stage(world: World) -> None:
    await actions.add_stage(world, "Rejected", CLOSED)
    closed = await actions.open_ticket(world, "No sound")

    await actions.close(world, closed, "rejected")

    assert (await db_state.board(world))["rejected"] == ["No sound"]


async def test_an_open_stage_closes_nothing(world: World) -> None:
    ticket = await actions.open_ticket(world)

    with pytest.raises(Invalid) as refused:
        await actions.close(world, ticket, "waiting_on_us")

    assert refused.value.field == ("stage",)


async def test_what_is_closed_is_not_closed_again_unless_another_stage_is_named(world: World) -> None:
    await actions.add_stage(world, "Rejected", CLOSED)
    ticket = await actions.open_ticket(world, "No sound", stage="closed")

    with pytest.raises(Invalid, match="closed already"):
        await actions.close(world, ticket)
    await actions.close(world, ticket, "rejected")

    assert (await db_state.board(world))["rejected"] == ["No sound"]
    assert len(await db_state.closures(world, ticket)) == 1


async def test_closing_and_reopening_again_leaves_a_closure_for_each_time(world: World) -> None:
    ticket = await actions.open_ticket(world)

    for _ in range(3):
        await actions.close(world, ticket)
        await actions.reopen(world, ticket)

    spans = await db_state.closures(world, ticket)
    assert len(spans) == 3
    assert all(span.reopened_at is not None for span in spans)
    await db_state.assert_sound(world)


@pytest.mark.parametrize("closed", [True, False])
async def test_who_may_not_edit_the_ticket_is_told_so_before_whether_it_is_closed(world: World, closed: bool) -> None:
    ticket = await actions.open_ticket(world, stage="closed" if closed else "new")

    for who in (Role.VIEWER, Role.SETTINGS_EDITOR):
        with pytest.raises(NotPermitted):
            await actions.close(world, ticket, who=who)
        with pytest.raises(NotPermitted):
            await actions.close(world, ticket, "waiting_on_us", who=who)
        with pytest.raises(NotPermitted):
            await actions.reopen(world, ticket, who=who)


async def test_at_view_level_nothing_is_closed_or_reopened(world: World) -> None:
    open_one, closed_one = await actions.open_ticket(world), await actions.open_ticket(world, stage="closed")
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED, grant)

    with pytest.raises(NotPermitted, match="only view"):
        await actions.close(world, open_one)
    with pytest.raises(NotPermitted, match="only view"):
        await actions.reopen(world, closed_one)


async def test_a_hidden_ticket_is_neither_closed_nor_reopened_nor_said_to_be_there(world: World) -> None:
    ticket = await actions.open_ticket(world)
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED)

    for deed in (actions.close(world, ticket), actions.reopen(world, ticket)):
        with pytest.raises(NotFound):
            await deed


async def test_a_stale_revision_closes_and_reopens_nothing(world: World) -> None:
    ticket = await actions.open_ticket(world)

    with pytest.raises(Conflict):
        await actions.close(world, ticket, revision=9)
    await actions.close(world, ticket, revision=1)
    with pytest.raises(Conflict):
        await actions.reopen(world, ticket, revision=1)
    await actions.reopen(world, ticket, revision=2)

    await db_state.assert_sound(world)


async def test_a_ticket_is_not_put_in_a_stage_that_stops_being_closed_meanwhile(world: World) -> None:
    await actions.add_stage(world, "Rejected", CLOSED)
    ticket = await actions.open_ticket(world)

    async with world.acting(Role.SETTINGS_EDITOR) as first:
        found = await pipelines.lock_pipeline(first, None)
        await tickets.set_stage_state(first, found, pipelines.find_stage(found, actions.named("closed")), OPEN)
        late = concurrency.start(actions.close(world, ticket))
        await concurrency.until_waiting(world)

    with pytest.raises(Conflict):
        await late
    assert (await db_state.board(world))["new"] == ["A question"]


async def test_a_ticket_that_is_closed_twice_at_once_has_one_closure(world: World) -> None:
    ticket = await actions.open_ticket(world)

    await concurrency.together(*[actions.close(world, ticket) for _ in range(4)])

    assert len(await db_state.closures(world, ticket)) == 1
    await db_state.assert_sound(world)
