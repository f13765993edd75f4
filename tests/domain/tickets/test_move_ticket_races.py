"""What becomes of a move when others change, delete or take away what it is about meanwhile (B5, settled choice 9)."""

import pytest

from domain import pipelines, tickets
from domain.errors import Conflict, NotFound, NotPermitted
from domain.pipelines import StageState
from domain.reference import BOTTOM, TOP, Place, Ref
from domain.tickets import PlaceGone
from policies import Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World


async def test_a_ticket_that_left_the_edit_scope_while_the_move_waited_is_not_moved(world: World) -> None:
    moved = await actions.open_ticket(world, owner=world.users[Role.AGENT].id)
    await db_state.execute(world, "UPDATE account_user SET edit_reach = 'OWN', edit_unassigned = false")

    async with world.acting(Role.SUPER_ADMIN) as first:
        found = await tickets.find_ticket(first, moved)
        changes = {"owner_id": world.second_agent.id}
        await tickets.assign_ticket(first, found, pipeline=await pipelines.find_pipeline(first, None), changes=changes)
        await first.session.flush()
        late = concurrency.start(actions.move(world, moved, "closed"))
        await concurrency.until_waiting(world)

    with pytest.raises(NotPermitted, match="outside"):
        await late


async def test_a_ticket_is_not_moved_into_a_stage_that_is_being_deleted(world: World) -> None:
    moved = await actions.open_ticket(world)

    async with world.acting(Role.SUPER_ADMIN) as first:
        found = await pipelines.lock_pipeline(first, None)
        await tickets.delete_stage(first, found, pipelines.find_stage(found, actions.named("waiting_on_us")))
        late = concurrency.start(actions.move(world, moved, "waiting_on_us"))
        await concurrency.until_waiting(world)

    with pytest.raises(NotFound) as refused:
        await late
    assert refused.value.field == ("stage",)
    assert (await db_state.board(world))["new"] == ["A question"]
    await db_state.assert_sound(world)


async def test_a_ticket_that_is_deleted_while_its_move_waits_is_not_found(world: World) -> None:
    moved = await actions.open_ticket(world)

    async with world.acting(Role.AGENT) as first:
        found = await tickets.find_ticket(first, moved)
        await tickets.delete_ticket(first, found, pipeline=await pipelines.find_pipeline(first, None))
        late = concurrency.start(actions.move(world, moved, "closed"))
        await concurrency.until_waiting(world)

    with pytest.raises(NotFound):
        await late
    await db_state.assert_sound(world)


async def test_a_ticket_that_is_taken_to_another_pipeline_while_its_move_waits_is_a_conflict(world: World) -> None:
    returns = await world.add_pipeline()
    moved = await actions.open_ticket(world)

    async with world.acting(Role.AGENT) as first:
        found = await tickets.find_ticket(first, moved)
        target = await pipelines.find_pipeline(first, Ref(id=returns.id))
        source = await pipelines.find_pipeline(first, None)
        await tickets.move_ticket(first, found, source=source, target=target, stage=target.stages[0])
        await first.session.flush()
        late = concurrency.start(actions.move(world, moved, "closed"))
        await concurrency.until_waiting(world)

    with pytest.raises(Conflict, match="another pipeline"):
        await late
    assert (await db_state.ticket(world, moved)).pipeline_id == returns.id
    await db_state.assert_sound(world)


async def test_a_move_into_a_stage_that_is_flipped_meanwhile_ends_as_the_stage_stands(world: World) -> None:
    moved = await actions.open_ticket(world)

    async with world.acting(Role.SETTINGS_EDITOR) as first:
        found = await pipelines.lock_pipeline(first, None)
        await tickets.set_stage_state(
            first, found, pipelines.find_stage(found, actions.named("waiting_on_us")), StageState.CLOSED
        )
        late = concurrency.start(actions.move(world, moved, "waiting_on_us"))
        await concurrency.until_waiting(world)
    await late

    assert (await db_state.ticket(world, moved)).closed_at is not None
    await db_state.assert_sound(world)


async def test_a_neighbour_that_leaves_the_stage_while_the_move_waits_is_declared_gone(world: World) -> None:
    moved, neighbour, other = await actions.open_tickets(world, "x", "n", "o")

    async with world.acting(Role.AGENT) as first:
        found = await tickets.find_ticket(first, other)
        support = await pipelines.find_pipeline(first, None)
        await tickets.move_ticket(first, found, source=support, target=support, stage=support.stages[0])
        late = concurrency.start(actions.move(world, moved, "new", place=Place(after=neighbour)))
        await concurrency.until_waiting(world)
        await actions.move(world, neighbour, "closed")

    with pytest.raises(PlaceGone):
        await late
    await db_state.assert_sound(world)


async def test_a_card_is_put_beside_one_that_is_moved_within_the_stage_meanwhile(world: World) -> None:
    moved, neighbour, _ = await actions.open_tickets(world, "x", "n", "o")

    async with world.acting(Role.AGENT) as first:
        found = await tickets.find_ticket(first, neighbour)
        support = await pipelines.find_pipeline(first, None)
        stage = support.stages[0]
        await tickets.move_ticket(first, found, source=support, target=support, stage=stage, place=BOTTOM)
        late = concurrency.start(actions.move(world, moved, "new", place=Place(after=neighbour)))
        await concurrency.until_waiting(world)
    await late

    assert (await db_state.board(world))["new"] == ["o", "n", "x"]


async def test_moves_of_the_same_cards_at_once_leave_one_order_and_no_card_twice(world: World) -> None:
    cards = await actions.open_tickets(world, *"abcdef")

    outcomes = await concurrency.together(
        *[actions.move(world, card, "new", place=TOP) for card in cards],
        *[actions.move(world, card, "waiting_on_us", place=BOTTOM) for card in cards],
        *[actions.move(world, cards[0], "new", place=Place(after=card)) for card in cards[1:]],
    )

    unexpected = [each for each in outcomes if each is not None and not isinstance(each, Conflict)]
    assert unexpected == []
    board = await db_state.board(world)
    assert sorted(board["new"] + board["waiting_on_us"]) == list("abcdef")
    await db_state.assert_sound(world)
