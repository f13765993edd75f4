"""Deleting a stage, with or without moving its tickets first (S13, S21, S24)."""

import pytest

from domain import pipelines, tickets
from domain.errors import Conflict, NotFound, NotPermitted
from domain.pipelines import StateMissing
from domain.tickets import NotEmpty
from policies import Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World

SETTINGS = Role.SETTINGS_EDITOR


async def test_an_empty_stage_is_deleted_and_the_others_close_ranks(world: World) -> None:
    before = await world.pipeline()
    gone = before.stages[1]

    async with db_state.recorded(world) as happened:
        await actions.delete_stage(world, "waiting_on_contact", who=SETTINGS)

    assert await db_state.stage_names(world) == ["new", "waiting_on_us", "closed"]
    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("STAGE_DELETED", "stage", gone.id)
    assert (event.pipeline_from, event.pipeline_to) == (before.id, before.id)
    assert (event.before, event.after) == ({"label": "Waiting on contact", "state": "OPEN"}, None)
    assert (await world.pipeline()).revision == before.revision + 1
    await db_state.assert_sound(world)


async def test_a_stage_with_tickets_is_kept_and_the_refusal_carries_their_count(world: World) -> None:
    await actions.open_tickets(world, *"abc", stage="waiting_on_us")

    with pytest.raises(NotEmpty, match="3 tickets") as refused:
        await actions.delete_stage(world, "waiting_on_us", who=SETTINGS)

    assert (refused.value.details, refused.value.field) == ({"tickets": 3}, ("stage",))
    assert "waiting_on_us" in await db_state.stage_names(world)


async def test_the_count_is_of_what_the_actor_sees_and_otherwise_only_not_empty(world: World) -> None:
    settings = world.users[SETTINGS].id
    await actions.open_ticket(world, stage="waiting_on_us", owner=settings)
    await actions.open_ticket(world, stage="waiting_on_us", owner=world.second_agent.id)
    await actions.open_ticket(world, stage="waiting_on_contact", owner=world.second_agent.id)
    await db_state.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false")

    with pytest.raises(NotEmpty) as some:
        await actions.delete_stage(world, "waiting_on_us", who=SETTINGS)
    with pytest.raises(NotEmpty, match="still holds tickets;") as none:
        await actions.delete_stage(world, "waiting_on_contact", who=SETTINGS)

    assert some.value.details == {"tickets": 1}
    assert none.value.details == {"tickets": None}


async def test_archived_tickets_keep_no_stage(world: World) -> None:
    archived = await actions.open_ticket(world, stage="waiting_on_us")
    await actions.delete_ticket(world, archived)

    await actions.delete_stage(world, "waiting_on_us", who=SETTINGS)

    row = await db_state.ticket(world, archived)
    assert (row.stage_id, row.account_id) == (None, world.account_id)
    assert row.pipeline_id == (await world.pipeline()).id


async def test_the_last_stage_of_a_state_stays(world: World) -> None:
    with pytest.raises(StateMissing) as closed:
        await actions.delete_stage(world, "closed")
    for stage in ("new", "waiting_on_us"):
        await actions.delete_stage(world, stage)
    with pytest.raises(StateMissing) as opened:
        await actions.delete_stage(world, "waiting_on_contact")

    assert (closed.value.details, closed.value.field) == ({"state": "CLOSED"}, ("stage",))
    assert opened.value.details == {"state": "OPEN"}
    await db_state.assert_sound(world)


async def test_two_deletions_at_once_do_not_take_the_last_open_stage_together(world: World) -> None:
    await actions.delete_stage(world, "new")

    outcomes = await concurrency.together(
        actions.delete_stage(world, "waiting_on_contact"), actions.delete_stage(world, "waiting_on_us")
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "StateMissing"]
    await db_state.assert_sound(world)


@pytest.mark.parametrize("role", [Role.AGENT, Role.VIEWER, Role.WORKFLOW_EDITOR])
async def test_who_may_not_edit_pipelines_deletes_no_stage_and_no_pipeline(world: World, role: Role) -> None:
    with pytest.raises(NotPermitted) as of_stage:
        await actions.delete_stage(world, "new", who=role)
    with pytest.raises(NotPermitted) as of_pipeline:
        await actions.delete_pipeline(world, who=role)

    assert of_stage.value.details == {"permission": "pipeline:edit"}
    assert of_pipeline.value.details == {"permission": "pipeline:delete"}


async def test_a_stage_that_waits_for_a_ticket_on_its_way_in_is_kept(world: World) -> None:
    moved = await actions.open_ticket(world)

    async with world.acting(Role.AGENT) as first:
        found = await tickets.find_ticket(first, moved)
        support = await pipelines.find_pipeline(first, None)
        await tickets.move_ticket(first, found, source=support, target=support, stage=support.stages[2])
        late = concurrency.start(actions.delete_stage(world, "waiting_on_us"))
        await concurrency.until_waiting(world)

    with pytest.raises(NotEmpty):
        await late
    await db_state.assert_sound(world)


async def test_deletions_of_stages_and_moves_into_them_at_once_lose_no_ticket(world: World) -> None:
    cards = await actions.open_tickets(world, *"abcd")

    outcomes = await concurrency.together(
        *[actions.move(world, card, "waiting_on_us") for card in cards[:2]],
        actions.delete_stage(world, "waiting_on_us"),
        *[actions.move(world, card, "waiting_on_us") for card in cards[2:]],
        actions.delete_stage(world, "waiting_on_contact"),
    )

    assert {type(each) for each in outcomes} <= {type(None), NotFound, NotEmpty, Conflict}
    board = await db_state.board(world)
    assert sorted(subject for column in board.values() for subject in column) == list("abcd")
    await db_state.assert_sound(world)
