"""Moving a ticket to another stage or pipeline: visits, closing and keys follow (S19, B10, settled choice 6).

Where the card goes among others is in test_placing.py, and what happens meanwhile in test_moving_meanwhile.py.
"""

from datetime import UTC, datetime, timedelta

import pytest

from domain import tickets
from domain.access import AccessMode, Grantee
from domain.database.model import new_id
from domain.errors import Conflict, NotFound, NotPermitted
from domain.pipelines import StageState
from domain.reference import BOTTOM, Ref
from policies import Level, Role
from tests.support import actions, db_state
from tests.support.world import World


async def test_a_move_within_a_stage_is_no_new_visit_and_closes_nothing(world: World) -> None:
    moved, _ = await actions.open_tickets(world, "a", "b", stage="closed")
    before = await db_state.ticket(world, moved)

    async with db_state.recorded(world) as happened:
        await actions.move(world, moved, "closed", place=BOTTOM)

    after = await db_state.ticket(world, moved)
    assert (after.entered_at, after.closed_at) == (before.entered_at, before.closed_at)
    assert after.revision == before.revision + 1
    assert db_state.kinds(happened) == ["TICKET_MOVED"]
    assert len(await db_state.visits(world, moved)) == 1


async def test_a_change_of_stage_ends_a_visit_and_begins_one_at_the_same_moment(world: World) -> None:
    moved = await actions.open_ticket(world)

    await actions.move(world, moved, "waiting_on_us", who=world.second_agent)

    first, second = await db_state.visits(world, moved)
    assert first.left_at == second.entered_at == (await db_state.ticket(world, moved)).entered_at
    assert (first.left_by_kind, first.left_by) == ("PERSON", world.second_agent.id)
    assert (second.entered_by_kind, second.entered_by) == ("PERSON", world.second_agent.id)
    assert second.stage_id == (await world.pipeline()).stages[2].id


async def test_each_re_entry_is_a_visit_of_its_own(world: World) -> None:
    moved = await actions.open_ticket(world)

    for stage in ("waiting_on_us", "new", "waiting_on_us", "new"):
        await actions.move(world, moved, stage)

    assert len(await db_state.visits(world, moved)) == 5
    await db_state.assert_sound(world)


async def test_a_visit_never_ends_before_it_began_when_the_clock_was_turned_back(world: World) -> None:
    moved = await actions.open_ticket(world)
    later = datetime.now(UTC) + timedelta(hours=1)
    await db_state.execute(world, "UPDATE ticket SET entered_at = :at", at=later)
    await db_state.execute(world, "UPDATE visit SET entered_at = :at", at=later)

    await actions.move(world, moved, "waiting_on_us")

    first, second = await db_state.visits(world, moved)
    assert first.entered_at == first.left_at == second.entered_at == later
    await db_state.assert_sound(world)


async def test_a_move_records_where_the_ticket_was_and_is(world: World) -> None:
    moved = await actions.open_ticket(world)
    before = await db_state.ticket(world, moved)

    async with db_state.recorded(world) as happened:
        await actions.move(world, moved, "waiting_on_us")

    [event] = happened
    after = await db_state.ticket(world, moved)
    assert (event.kind, event.object_kind, event.object_id) == ("TICKET_MOVED", "ticket", moved)
    assert event.actor_id == world.users[Role.AGENT].id
    assert event.pipeline_from == event.pipeline_to == before.pipeline_id
    for said, row in ((event.before, before), (event.after, after)):
        assert said == {
            "pipeline": str(row.pipeline_id),
            "stage": str(row.stage_id),
            "rank": row.rank,
            "key": row.key,
        }


async def test_entering_a_closed_stage_closes_and_leaving_it_reopens(world: World) -> None:
    moved = await actions.open_ticket(world)

    async with db_state.recorded(world) as closing:
        await actions.move(world, moved, "closed")
    closed_at = (await db_state.ticket(world, moved)).closed_at
    async with db_state.recorded(world) as opening:
        await actions.move(world, moved, "new", who=world.second_agent)

    assert db_state.kinds(closing) == ["TICKET_MOVED", "TICKET_CLOSED"]
    assert db_state.kinds(opening) == ["TICKET_MOVED", "TICKET_REOPENED"]
    [closure] = await db_state.closures(world, moved)
    assert (closure.closed_at, closure.closed_by) == (closed_at, world.users[Role.AGENT].id)
    assert (closure.reopened_at, closure.reopened_by) == (opening[0].at, world.second_agent.id)
    assert (await db_state.ticket(world, moved)).closed_at is None
    await db_state.assert_sound(world)


async def test_from_one_closed_stage_to_another_a_ticket_keeps_its_close_date(world: World) -> None:
    await actions.add_stage(world, "Rejected", StageState.CLOSED)
    moved = await actions.open_ticket(world, stage="closed")
    before = (await db_state.ticket(world, moved)).closed_at

    async with db_state.recorded(world) as happened:
        await actions.move(world, moved, "rejected")

    assert (await db_state.ticket(world, moved)).closed_at == before
    assert db_state.kinds(happened) == ["TICKET_MOVED"]
    await db_state.assert_sound(world)


async def test_in_another_pipeline_a_ticket_gets_a_new_key_and_the_old_one_still_finds_it(world: World) -> None:
    returns = await world.add_pipeline(label="Returns")
    moved = await actions.open_ticket(world, "No sound")

    async with db_state.recorded(world) as happened:
        await actions.move(world, moved, "closed", to=Ref(id=returns.id))

    row = await db_state.ticket(world, moved)
    assert (row.key, row.pipeline_id) == ("RET-1", returns.id)
    async with world.looking(Role.VIEWER) as work:
        for key in ("SUP-1", "RET-1", "ret-1"):
            assert [each.id for each in await tickets.find_by_key(work, key)] == [moved]
    assert db_state.kinds(happened) == ["TICKET_MOVED", "TICKET_CLOSED"]
    for event in happened:
        assert (event.pipeline_from, event.pipeline_to) == ((await world.pipeline()).id, returns.id)
    assert [visit.pipeline_id for visit in await db_state.visits(world, moved)][1] == returns.id
    await db_state.assert_sound(world)


async def test_a_ticket_that_comes_back_gets_a_third_key(world: World) -> None:
    returns = await world.add_pipeline(label="Returns")
    moved = await actions.open_ticket(world)

    await actions.move(world, moved, "new", to=Ref(id=returns.id))
    await actions.move(world, moved, "new", to=Ref(internal_name="support"))

    assert (await db_state.ticket(world, moved)).key == "SUP-2"
    async with world.looking(Role.VIEWER) as work:
        assert [each.id for each in await tickets.find_by_key(work, "SUP-1")] == [moved]


async def test_a_stale_revision_is_a_conflict_that_tells_the_revision_that_stands(world: World) -> None:
    moved = await actions.open_ticket(world)
    await actions.move(world, moved, "waiting_on_us", expected_revision=1)

    with pytest.raises(Conflict) as refused:
        await actions.move(world, moved, "closed", expected_revision=1)

    assert refused.value.details == {"revision": 2}
    assert (await db_state.board(world))["waiting_on_us"] == ["A question"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR])
async def test_who_works_no_tickets_moves_none(world: World, role: Role) -> None:
    moved = await actions.open_ticket(world)

    with pytest.raises(NotPermitted) as refused:
        await actions.move(world, moved, "closed", who=role, expected_revision=9)

    assert refused.value.details == {"permission": "ticket:write"}


@pytest.mark.parametrize("which", ["source", "target"])
async def test_a_move_needs_edit_level_on_both_pipelines(world: World, which: str) -> None:
    source, target = await world.pipeline(), await world.add_pipeline()
    moved = await actions.open_ticket(world)
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    await actions.set_access(world, source if which == "source" else target, AccessMode.RESTRICTED, grant)

    with pytest.raises(NotPermitted, match="only view"):
        await actions.move(world, moved, "new", to=Ref(id=target.id))


async def test_a_hidden_pipeline_is_no_target(world: World) -> None:
    target = await world.add_pipeline()
    moved = await actions.open_ticket(world)
    await actions.set_access(world, target, AccessMode.PRIVATE)

    with pytest.raises(NotFound):
        await actions.move(world, moved, "new", to=Ref(id=target.id))


async def test_a_ticket_outside_the_edit_scope_is_not_moved(world: World) -> None:
    moved = await actions.open_ticket(world, owner=world.second_agent.id)
    await db_state.execute(world, "UPDATE account_user SET edit_reach = 'OWN'")

    with pytest.raises(NotPermitted, match="outside"):
        await actions.move(world, moved, "closed", who=Role.AGENT)
    await actions.move(world, moved, "closed", who=world.second_agent)


async def test_an_unknown_ticket_is_not_found(world: World) -> None:
    with pytest.raises(NotFound) as refused:
        await actions.move(world, new_id(), "new")

    assert refused.value.message == "There is no such ticket."
