"""Deleting a stage and moving its tickets to another one in one call, in the order they have (S24, B7)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import tickets
from domain.errors import Invalid, NotFound, NotPermitted
from domain.pipelines import StageState, StateMissing
from domain.reference import Ref
from domain.tickets.finding import lock_ticket
from policies import Role
from tests.support import deeds, facts, racing
from tests.support.world import World

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED


async def test_the_tickets_of_a_deleted_stage_go_to_the_bottom_of_the_named_one_in_their_order(world: World) -> None:
    await deeds.open_tickets(world, "a", "b")
    await deeds.open_tickets(world, "x", "y", "z", stage="waiting_on_us")

    await deeds.delete_stage(world, "waiting_on_us", tickets_to="new")

    assert await facts.board(world) == {"new": list("abxyz"), "waiting_on_contact": [], "closed": []}
    await facts.assert_sound(world)


async def test_each_ticket_counts_as_moved(world: World) -> None:
    moved = await deeds.open_ticket(world, stage="waiting_on_us")
    before = await facts.ticket(world, moved)
    stages = {stage.internal_name: stage.id for stage in (await world.pipeline()).stages}

    async with facts.recorded(world) as happened:
        await deeds.delete_stage(world, "waiting_on_us", tickets_to="new")

    assert facts.kinds(happened) == ["TICKET_MOVED", "STAGE_DELETED"]
    pipeline = str((await world.pipeline()).id)
    assert happened[0].before == {"pipeline": pipeline, "stage": str(stages["waiting_on_us"])}
    assert happened[0].after == {"pipeline": pipeline, "stage": str(stages["new"])}
    first, second = await facts.visits(world, moved)
    after = await facts.ticket(world, moved)
    assert first.left_at == second.entered_at == after.entered_at
    assert (first.left_by, second.entered_by) == (world.users[Role.SUPER_ADMIN].id,) * 2
    assert (after.key, after.subject) == (before.key, before.subject)
    assert after.revision > before.revision


async def test_in_a_closed_stage_the_tickets_are_closed(world: World) -> None:
    moved = await deeds.open_tickets(world, "a", "b", stage="waiting_on_us")

    async with facts.recorded(world) as happened:
        await deeds.delete_stage(world, "waiting_on_us", tickets_to="closed")

    assert facts.kinds(happened) == ["TICKET_MOVED", "TICKET_CLOSED"] * 2 + ["STAGE_DELETED"]
    assert all([(await facts.ticket(world, each)).closed_at is not None for each in moved])
    await facts.assert_sound(world)


async def test_in_an_open_stage_the_tickets_of_a_closed_one_are_reopened(world: World) -> None:
    await deeds.add_stage(world, "Rejected", CLOSED)
    moved = await deeds.open_ticket(world, stage="closed")

    async with facts.recorded(world) as happened:
        await deeds.delete_stage(world, "closed", tickets_to="new")

    assert facts.kinds(happened) == ["TICKET_MOVED", "TICKET_REOPENED", "STAGE_DELETED"]
    assert (await facts.ticket(world, moved)).closed_at is None
    await facts.assert_sound(world)


async def test_from_one_closed_stage_to_another_close_dates_stay(world: World) -> None:
    await deeds.add_stage(world, "Rejected", CLOSED)
    moved = await deeds.open_ticket(world, stage="rejected")
    before = (await facts.ticket(world, moved)).closed_at

    async with facts.recorded(world) as happened:
        await deeds.delete_stage(world, "rejected", tickets_to="closed")

    assert (await facts.ticket(world, moved)).closed_at == before
    assert facts.kinds(happened) == ["TICKET_MOVED", "STAGE_DELETED"]
    await facts.assert_sound(world)


async def test_hidden_tickets_go_along(world: World) -> None:
    hidden = await deeds.open_ticket(world, "hidden", stage="waiting_on_us", owner=world.second_agent.id)
    editor = world.users[Role.AGENT].id
    await facts.execute(
        world,
        "UPDATE account_user SET roles = '{agent,settings_editor}', view_reach = 'OWN' WHERE id = :id",
        id=editor,
    )

    await deeds.delete_stage(world, "waiting_on_us", tickets_to="new", who=Role.AGENT)

    assert (await facts.board(world))["new"] == ["hidden"]
    assert (await facts.ticket(world, hidden)).owner_id == world.second_agent.id


async def test_an_empty_stage_goes_with_a_target_as_without(world: World) -> None:
    async with facts.recorded(world) as happened:
        await deeds.delete_stage(world, "waiting_on_us", tickets_to="new")

    assert facts.kinds(happened) == ["STAGE_DELETED"]


async def test_tickets_do_not_go_to_the_stage_that_is_deleted(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        await deeds.delete_stage(world, "new", tickets_to="new")

    assert refused.value.field == ("moveTicketsTo",)


async def test_tickets_do_not_go_to_a_stage_of_another_pipeline(world: World) -> None:
    other = Ref(id=(await world.add_pipeline(OPEN, CLOSED)).id)
    await deeds.open_ticket(world, to=other)

    with pytest.raises(NotFound):
        await deeds.delete_stage(world, "new", tickets_to="open_1")


async def test_the_last_stage_of_a_state_stays_whatever_its_tickets_could_do(world: World) -> None:
    moved = await deeds.open_ticket(world, stage="closed")

    with pytest.raises(StateMissing):
        await deeds.delete_stage(world, "closed", tickets_to="new")

    assert (await facts.ticket(world, moved)).closed_at is not None


async def test_who_may_not_edit_tickets_moves_none_by_deleting_their_stage(world: World) -> None:
    await deeds.open_ticket(world, stage="waiting_on_us")

    with pytest.raises(NotPermitted) as refused:
        await deeds.delete_stage(world, "waiting_on_us", tickets_to="new", who=Role.SETTINGS_EDITOR)

    assert refused.value.details == {"permission": "ticket:write"}
    assert (await facts.board(world))["waiting_on_us"] == ["A question"]


@pytest.mark.parametrize("reach", ["OWN", "TEAM", "NONE"])
async def test_who_may_edit_some_tickets_only_moves_none_by_deleting_their_stage(world: World, reach: str) -> None:
    await facts.execute(
        world,
        "UPDATE account_user SET roles = '{agent,settings_editor}', edit_reach = :reach WHERE id = :id",
        id=world.users[Role.AGENT].id,
        reach=reach,
    )

    with pytest.raises(NotPermitted, match="outside"):
        await deeds.delete_stage(world, "waiting_on_us", tickets_to="new", who=Role.AGENT)


async def test_visits_do_not_overlap_when_the_clock_was_turned_back(world: World) -> None:
    moved, other = await deeds.open_tickets(world, "a", "b", stage="waiting_on_us")
    later = datetime.now(UTC) + timedelta(hours=1)
    await facts.execute(world, "UPDATE ticket SET entered_at = :at WHERE id = :id", at=later, id=moved)
    await facts.execute(world, "UPDATE visit SET entered_at = :at WHERE ticket_id = :id", at=later, id=moved)

    await deeds.delete_stage(world, "waiting_on_us", tickets_to="new")

    first, second = await facts.visits(world, moved)
    assert first.left_at == second.entered_at == later
    await facts.assert_sound(world)
    assert (await facts.visits(world, other))[1].entered_at == later


async def test_a_deletion_and_a_move_that_want_the_same_ticket_take_turns(world: World) -> None:
    wanted = await deeds.open_ticket(world, "a")

    async with world.acting(Role.AGENT) as holder:
        await lock_ticket(holder, await tickets.find_ticket(holder, wanted))
        deletion = racing.start(deeds.delete_stage(world, "new", tickets_to="waiting_on_contact"))
        await racing.until_waiting(world)
        move = racing.start(deeds.move(world, wanted, "waiting_on_us"))
        await racing.until_waiting(world, 2)

    assert await racing.together(deletion, move) == [None, None]
    assert (await facts.board(world))["waiting_on_us"] == ["a"]
    await facts.assert_sound(world)


async def test_moves_and_a_deletion_that_takes_the_tickets_along_at_once_lose_no_ticket(world: World) -> None:
    cards = await deeds.open_tickets(world, *"abcdef", stage="waiting_on_us")

    outcomes = await racing.together(
        *[deeds.move(world, card, "waiting_on_contact") for card in cards[:3]],
        deeds.delete_stage(world, "waiting_on_us", tickets_to="new"),
        *[deeds.move(world, card, "waiting_on_us") for card in cards[3:]],
        *[deeds.update(world, card, subject=subject) for card, subject in zip(cards, "ABCDEF", strict=True)],
    )

    assert {type(each) for each in outcomes} <= {type(None), NotFound}
    board = await facts.board(world)
    assert sorted(subject for column in board.values() for subject in column) == list("ABCDEF")
    await facts.assert_sound(world)
