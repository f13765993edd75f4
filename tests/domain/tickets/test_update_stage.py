"""Flipping a stage closes or reopens the tickets in it, sets dates and runs nothing; both states remain (S19, S21)."""

import pytest
from sqlalchemy import event

from domain import pipelines, tickets
from domain.access import AccessMode, Grantee
from domain.errors import NotPermitted
from domain.pipelines import StageState, StateMissing
from domain.reference import Place
from policies import Level, Role
from server.database.engine import Database
from tests.support import actions, concurrency, db_state
from tests.support.world import World

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED


async def test_a_stage_that_becomes_closed_closes_the_tickets_in_it(world: World) -> None:
    inside = await actions.open_tickets(world, "a", "b", stage="waiting_on_us")
    outside = await actions.open_ticket(world)

    await actions.flip(world, "waiting_on_us", CLOSED)

    closed = [(await db_state.ticket(world, each)).closed_at for each in inside]
    assert closed[0] is not None
    assert closed[0] == closed[1]
    assert (await db_state.ticket(world, outside)).closed_at is None
    [closure] = await db_state.closures(world, inside[0])
    assert (closure.closed_at, closure.closed_by) == (closed[0], world.users[Role.SETTINGS_EDITOR].id)
    await db_state.assert_sound(world)


async def test_a_stage_that_becomes_open_reopens_the_tickets_in_it(world: World) -> None:
    await actions.add_stage(world, "Rejected", CLOSED)
    inside = await actions.open_tickets(world, "a", "b", stage="closed")

    await actions.flip(world, "closed", OPEN)

    for each in inside:
        assert (await db_state.ticket(world, each)).closed_at is None
        [closure] = await db_state.closures(world, each)
        assert closure.reopened_at is not None
        assert closure.reopened_by == world.users[Role.SETTINGS_EDITOR].id
    await db_state.assert_sound(world)


async def test_a_flip_is_no_visit_and_leaves_the_order(world: World) -> None:
    inside = await actions.open_tickets(world, "a", "b", stage="waiting_on_us")
    before = [await db_state.ticket(world, each) for each in inside]

    await actions.flip(world, "waiting_on_us", CLOSED)

    assert (await db_state.board(world))["waiting_on_us"] == ["a", "b"]
    for was, each in zip(before, inside, strict=True):
        row = await db_state.ticket(world, each)
        assert (row.entered_at, row.rank, row.revision) == (was.entered_at, was.rank, was.revision + 1)
        assert len(await db_state.visits(world, each)) == 1


@pytest.mark.parametrize(("state", "kind"), [(CLOSED, "TICKET_CLOSED"), (OPEN, "TICKET_REOPENED")])
async def test_a_flip_records_the_stage_and_each_ticket_that_it_closed_or_reopened(
    world: World, state: StageState, kind: str
) -> None:
    await actions.add_stage(world, "Rejected", CLOSED)
    stage = "waiting_on_us" if state is CLOSED else "rejected"
    inside = await actions.open_tickets(world, "a", "b", stage=stage)

    async with db_state.recorded(world) as happened:
        await actions.flip(world, stage, state)

    support = await world.pipeline()
    flipped = next(each for each in support.stages if each.internal_name == stage)
    assert db_state.kinds(happened) == ["STAGE_UPDATED", kind, kind]
    assert (happened[0].before, happened[0].after) == (
        {"state": "OPEN" if state is CLOSED else "CLOSED"},
        {"state": state.value},
    )
    assert {each.object_id for each in happened[1:]} == set(inside)
    assert all(each.after == {"stage": str(flipped.id)} for each in happened[1:])
    assert all((each.pipeline_from, each.pipeline_to) == (support.id, support.id) for each in happened)


async def test_the_state_that_a_stage_has_already_records_nothing(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await actions.flip(world, "new", OPEN)

    assert happened == []


async def test_the_last_closed_stage_stays_closed_and_the_last_open_one_open(world: World) -> None:
    with pytest.raises(StateMissing) as closed:
        await actions.flip(world, "closed", OPEN)
    for stage in ("new", "waiting_on_us"):
        await actions.flip(world, stage, CLOSED)
    with pytest.raises(StateMissing) as opened:
        await actions.flip(world, "waiting_on_contact", CLOSED)

    assert (closed.value.details, closed.value.field) == ({"state": "CLOSED"}, ("state",))
    assert opened.value.details == {"state": "OPEN"}
    await db_state.assert_sound(world)


async def test_two_flips_at_once_do_not_take_the_last_open_stage_together(world: World) -> None:
    await actions.flip(world, "waiting_on_contact", CLOSED)

    outcomes = await concurrency.together(
        actions.flip(world, "new", CLOSED), actions.flip(world, "waiting_on_us", CLOSED)
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "StateMissing"]
    await db_state.assert_sound(world)


async def test_a_deleted_ticket_is_not_closed_by_a_flip(world: World) -> None:
    gone = await actions.open_ticket(world, stage="waiting_on_us")
    await actions.delete_ticket(world, gone)

    async with db_state.recorded(world) as happened:
        await actions.flip(world, "waiting_on_us", CLOSED)

    assert db_state.kinds(happened) == ["STAGE_UPDATED"]
    assert (await db_state.ticket(world, gone)).closed_at is None


async def test_hidden_tickets_in_the_stage_are_closed_too(world: World) -> None:
    inside = await actions.open_ticket(world, stage="waiting_on_us", owner=world.second_agent.id)
    await db_state.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false")

    await actions.flip(world, "waiting_on_us", CLOSED)

    assert (await db_state.ticket(world, inside)).closed_at is not None


@pytest.mark.parametrize("role", [Role.AGENT, Role.VIEWER, Role.WORKFLOW_EDITOR])
async def test_who_may_not_edit_pipelines_flips_nothing(world: World, role: Role) -> None:
    with pytest.raises(NotPermitted) as refused:
        await actions.flip(world, "new", CLOSED, who=role)

    assert refused.value.details == {"permission": "pipeline:edit"}


async def test_at_view_level_nothing_is_flipped(world: World) -> None:
    grant = Grantee(Level.VIEW, user_id=world.users[Role.SETTINGS_EDITOR].id)
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED, grant)

    with pytest.raises(NotPermitted, match="only view"):
        await actions.flip(world, "new", CLOSED)


async def test_a_ticket_on_its_way_out_of_a_stage_is_not_closed_by_its_flip(world: World) -> None:
    leaving = await actions.open_ticket(world, stage="waiting_on_us")

    async with world.acting(Role.AGENT) as first:
        found = await tickets.find_ticket(first, leaving)
        support = await pipelines.find_pipeline(first, None)
        await tickets.move_ticket(first, found, source=support, target=support, stage=support.stages[0])
        await first.session.flush()
        late = concurrency.start(actions.flip(world, "waiting_on_us", CLOSED))
        await concurrency.until_waiting(world)
    await late

    assert (await db_state.ticket(world, leaving)).closed_at is None
    await db_state.assert_sound(world)


async def test_a_flip_and_moves_in_and_out_at_once_leave_every_ticket_as_its_stage_says(world: World) -> None:
    inside = await actions.open_tickets(world, *"abc", stage="waiting_on_us")
    outside = await actions.open_tickets(world, *"xyz")

    outcomes = await concurrency.together(
        *[actions.move(world, each, "new") for each in inside],
        actions.flip(world, "waiting_on_us", CLOSED),
        *[actions.move(world, each, "waiting_on_us", place=Place(bottom=True)) for each in outside],
        actions.flip(world, "waiting_on_us", OPEN),
    )

    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    await db_state.assert_sound(world)


async def test_a_flip_sends_as_few_parameters_for_many_tickets_as_for_one(world: World, database: Database) -> None:
    await actions.open_tickets(world, *[f"Ticket {number}" for number in range(60)], stage="waiting_on_us")
    most = 0

    def count(_: object, __: object, ___: str, parameters: object, ____: object, many: bool) -> None:
        nonlocal most
        if not many and isinstance(parameters, (tuple, list)):
            most = max(most, len(parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    try:
        await actions.flip(world, "waiting_on_us", CLOSED)
        await actions.flip(world, "waiting_on_us", OPEN)
        await actions.delete_stage(world, "waiting_on_us", tickets_to="new")
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", count)

    assert 0 < most < 40
    await db_state.assert_sound(world)
