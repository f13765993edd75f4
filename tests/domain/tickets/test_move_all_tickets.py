"""Deleting a stage and moving its tickets to another one in one call, in the order they have (S24, B7)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import tickets
from domain.errors import Invalid, NotFound, NotPermitted
from domain.pipelines import StageState, StateMissing
from domain.reference import Ref
from domain.tickets.locks import lock_ticket
from policies import Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED


async def test_the_tickets_of_a_deleted_stage_go_to_the_bottom_of_the_named_one_in_their_order(world: World) -> None:
    await actions.open_tickets(world, "a", "b")
    await actions.open_tickets(world, "x", "y", "z", stage="waiting_on_us")

    await actions.delete_stage(world, "waiting_on_us", tickets_to="new")

    assert await db_state.board(world) == {"new": list("abxyz"), "waiting_on_contact": [], "closed": []}
    await db_state.assert_sound(world)


async def test_each_ticket_counts_as_moved(world: World) -> None:
    moved = await actions.open_ticket(world, stage="waiting_on_us")
    before = await db_state.ticket(world, moved)
    stages = {stage.internal_name: stage.id for stage in (await world.pipeline()).stages}

    async with db_state.recorded(world) as happened:
        await actions.delete_stage(world, "waiting_on_us", tickets_to="new")

    assert db_state.kinds(happened) == ["TICKET_MOVED", "STAGE_DELETED"]
    pipeline = str((await world.pipeline()).id)
    assert happened[0].before == {"pipeline": pipeline, "stage": str(stages["waiting_on_us"])}
    assert happened[0].after == {"pipeline": pipeline, "stage": str(stages["new"])}
    first, second = await db_state.visits(world, moved)
    after = await db_state.ticket(world, moved)
    assert first.left_at == second.entered_at == after.entered_at
    assert (first.left_by, second.entered_by) == (world.users[Role.SUPER_ADMIN].id,) * 2
    assert (after.key, after.subject) == (before.key, before.subject)
    assert after.revision > before.revision


async def test_in_a_closed_stage_the_tickets_are_closed(world: World) -> None:
    moved = await actions.open_tickets(world, "a", "b", stage="waiting_on_us")

    async with db_state.recorded(world) as happened:
        await actions.delete_stage(world, "waiting_on_us", tickets_to="closed")

    assert db_state.kinds(happened) == ["TICKET_MOVED", "TICKET_CLOSED"] * 2 + ["STAGE_DELETED"]
    assert all([(await db_state.ticket(world, each)).closed_at is not None for each in moved])
    await db_state.assert_sound(world)


async def test_in_an_open_stage_the_tickets_of_a_closed_one_are_reopened(world: World) -> None:
    await actions.add_stage(world, "Rejected", CLOSED)
    moved = await actions.open_ticket(world, stage="closed")

    async with db_state.recorded(world) as happened:
        await actions.delete_stage(world, "closed", tickets_to="new")

    assert db_state.kinds(happened) == ["TICKET_MOVED", "TICKET_REOPENED", "STAGE_DELETED"]
    assert (await db_state.ticket(world, moved)).closed_at is None
    await db_state.assert_sound(world)


async def test_from_one_closed_stage_to_another_close_dates_stay(world: World) -> None:
    await actions.add_stage(world, "Rejected", CLOSED)
    moved = await actions.open_ticket(world, stage="rejected")
    before = (await db_state.ticket(world, moved)).closed_at

    async with db_state.recorded(world) as happened:
        await actions.delete_stage(world, "rejected", tickets_to="closed")

    assert (await db_state.ticket(world, moved)).closed_at == before
    assert db_state.kinds(happened) == ["TICKET_MOVED", "STAGE_DELETED"]
    await db_state.assert_sound(world)


async def test_hidden_tickets_go_along(world: World) -> None:
    hidden = await actions.open_ticket(world, "hidden", stage="waiting_on_us", owner=world.second_agent.id)
    editor = world.users[Role.AGENT].id
    await db_state.execute(
        world,
        "UPDATE account_user SET roles = '{AGENT,SETTINGS_EDITOR}', view_reach = 'OWN' WHERE id = :id",
        id=editor,
    )

    await actions.delete_stage(world, "waiting_on_us", tickets_to="new", who=Role.AGENT)

    assert (await db_state.board(world))["new"] == ["hidden"]
    assert (await db_state.ticket(world, hidden)).owner_id == world.second_agent.id


async def test_an_empty_stage_goes_with_a_target_as_without(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await actions.delete_stage(world, "waiting_on_us", tickets_to="new")

    assert db_state.kinds(happened) == ["STAGE_DELETED"]


async def test_tickets_do_not_go_to_the_stage_that_is_deleted(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        await actions.delete_stage(world, "new", tickets_to="new")

    assert refused.value.field == ("moveTicketsTo",)


async def test_tickets_do_not_go_to_a_stage_of_another_pipeline(world: World) -> None:
    other = Ref(id=(await world.add_pipeline(OPEN, CLOSED)).id)
    await actions.open_ticket(world, to=other)

    with pytest.raises(NotFound):
        await actions.delete_stage(world, "new", tickets_to="open_1")


async def test_the_last_stage_of_a_state_stays_whatever_its_tickets_could_do(world: World) -> None:
    moved = await actions.open_ticket(world, stage="closed")

    with pytest.raises(StateMissing):
        await actions.delete_stage(world, "closed", tickets_to="new")

    assert (await db_state.ticket(world, moved)).closed_at is not None


async def test_who_may_not_edit_tickets_moves_none_by_deleting_their_stage(world: World) -> None:
    await actions.open_ticket(world, stage="waiting_on_us")

    with pytest.raises(NotPermitted) as refused:
        await actions.delete_stage(world, "waiting_on_us", tickets_to="new", who=Role.SETTINGS_EDITOR)

    assert refused.value.details == {"permission": "ticket:write"}
    assert (await db_state.board(world))["waiting_on_us"] == ["A question"]


@pytest.mark.parametrize("reach", ["OWN", "TEAM", "NONE"])
async def test_who_may_edit_some_tickets_only_moves_none_by_deleting_their_stage(world: World, reach: str) -> None:
    await db_state.execute(
        world,
        "UPDATE account_user SET roles = '{AGENT,SETTINGS_EDITOR}', edit_reach = :reach WHERE id = :id",
        id=world.users[Role.AGENT].id,
        reach=reach,
    )

    with pytest.raises(NotPermitted, match="outside"):
        await actions.delete_stage(world, "waiting_on_us", tickets_to="new", who=Role.AGENT)


async def test_visits_do_not_overlap_when_the_clock_was_turned_back(world: World) -> None:
    moved, other = await actions.open_tickets(world, "a", "b", stage="waiting_on_us")
    later = datetime.now(UTC) + timedelta(hours=1)
    await db_state.execute(world, "UPDATE ticket SET entered_at = :at WHERE id = :id", at=later, id=moved)
    await db_state.execute(world, "UPDATE visit SET entered_at = :at WHERE ticket_id = :id", at=later, id=moved)

    await actions.delete_stage(world, "waiting_on_us", tickets_to="new")

    first, second = await db_state.visits(world, moved)
    assert first.left_at == second.entered_at == later
    await db_state.assert_sound(world)
    assert (await db_state.visits(world, other))[1].entered_at == later


async def test_a_deletion_and_a_move_that_want_the_same_ticket_take_turns(world: World) -> None:
    wanted = await actions.open_ticket(world, "a")

    async with world.acting(Role.AGENT) as holder:
        await lock_ticket(holder, await tickets.find_ticket(holder, wanted))
        deletion = concurrency.start(actions.delete_stage(world, "new", tickets_to="waiting_on_contact"))
        await concurrency.until_waiting(world)
        move = concurrency.start(actions.move(world, wanted, "waiting_on_us"))
        await concurrency.until_waiting(world, 2)

    assert await concurrency.together(deletion, move) == [None, None]
    assert (await db_state.board(world))["waiting_on_us"] == ["a"]
    await db_state.assert_sound(world)


async def test_moves_and_a_deletion_that_takes_the_tickets_along_at_once_lose_no_ticket(world: World) -> None:
    cards = await actions.open_tickets(world, *"abcdef", stage="waiting_on_us")

    outcomes = await concurrency.together(
        *[actions.move(world, card, "waiting_on_contact") for card in cards[:3]],
        actions.delete_stage(world, "waiting_on_us", tickets_to="new"),
        *[actions.move(world, card, "waiting_on_us") for card in cards[3:]],
        *[actions.update(world, card, subject=subject) for card, subject in zip(cards, "ABCDEF", strict=True)],
    )

    assert {type(each) for each in outcomes} <= {type(None), NotFound}
    board = await db_state.board(world)
    assert sorted(subject for column in board.values() for subject in column) == list("ABCDEF")
    await db_state.assert_sound(world)
