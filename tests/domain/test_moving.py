"""Moving a ticket: to a stage, to a place among the cards there, to another pipeline; visits follow (S19, B5, B10)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain import pipelines, rank, tickets
from domain.access import AccessMode, Grantee
from domain.errors import Conflict, NotFound, NotPermitted
from domain.model import new_id
from domain.pipelines import StageState
from domain.reference import BOTTOM, TOP, Place, Ref
from domain.tickets import PlaceGone
from policies import Level, Role
from tests.support import deeds, facts, racing
from tests.support.world import World

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED


async def test_a_moved_ticket_stands_at_the_top_of_its_new_stage_unless_a_place_is_given(world: World) -> None:
    await deeds.open_tickets(world, "a", "b", stage="waiting_on_us")
    moved = await deeds.open_ticket(world, "x")

    await deeds.move(world, moved, "waiting_on_us")

    board = await facts.board(world)
    assert (board["new"], board["waiting_on_us"]) == ([], ["x", "a", "b"])
    await facts.assert_sound(world)


@pytest.mark.parametrize(
    ("place", "order"), [("top", "xabc"), ("bottom", "abcx"), ("before", "axbc"), ("after", "abxc")]
)
async def test_a_card_goes_where_it_is_put_in_another_stage(world: World, place: str, order: str) -> None:
    _, beside, _ = await deeds.open_tickets(world, *"abc", stage="waiting_on_us")
    moved = await deeds.open_ticket(world, "x")
    places = {"top": TOP, "bottom": BOTTOM, "before": Place(before=beside), "after": Place(after=beside)}

    await deeds.move(world, moved, "waiting_on_us", place=places[place])

    assert (await facts.board(world))["waiting_on_us"] == list(order)


@pytest.mark.parametrize(
    ("card", "place", "order"),
    [
        ("a", "top", "abcd"),
        ("d", "top", "dabc"),
        ("a", "bottom", "bcda"),
        ("d", "bottom", "abcd"),
        ("a", "before c", "bacd"),
        ("d", "before c", "abdc"),
        ("b", "before c", "abcd"),
        ("a", "after c", "bcad"),
        ("d", "after c", "abcd"),
        ("d", "after a", "adbc"),
        ("b", "after c", "acbd"),
    ],
)
async def test_a_card_goes_where_it_is_put_in_its_own_stage(world: World, card: str, place: str, order: str) -> None:
    ids = dict(zip("abcd", await deeds.open_tickets(world, *"abcd"), strict=True))
    side, _, neighbour = place.partition(" ")
    at = {
        "top": TOP,
        "bottom": BOTTOM,
        "before": Place(before=ids.get(neighbour)),
        "after": Place(after=ids.get(neighbour)),
    }

    await deeds.move(world, ids[card], "new", place=at[side])

    assert (await facts.board(world))["new"] == list(order)


async def test_a_move_within_a_stage_is_no_new_visit_and_closes_nothing(world: World) -> None:
    moved, _ = await deeds.open_tickets(world, "a", "b", stage="closed")
    before = await facts.ticket(world, moved)

    async with facts.recorded(world) as happened:
        await deeds.move(world, moved, "closed", place=BOTTOM)

    after = await facts.ticket(world, moved)
    assert (after.entered_at, after.closed_at) == (before.entered_at, before.closed_at)
    assert after.revision == before.revision + 1
    assert facts.kinds(happened) == ["TICKET_MOVED"]
    assert len(await facts.visits(world, moved)) == 1


async def test_a_change_of_stage_ends_a_visit_and_begins_one_at_the_same_moment(world: World) -> None:
    moved = await deeds.open_ticket(world)

    await deeds.move(world, moved, "waiting_on_us", who=world.second_agent)

    first, second = await facts.visits(world, moved)
    assert first.left_at == second.entered_at == (await facts.ticket(world, moved)).entered_at
    assert (first.left_by_kind, first.left_by) == ("PERSON", world.second_agent.id)
    assert (second.entered_by_kind, second.entered_by) == ("PERSON", world.second_agent.id)
    assert second.stage_id == (await world.pipeline()).stages[2].id


async def test_each_re_entry_is_a_visit_of_its_own(world: World) -> None:
    moved = await deeds.open_ticket(world)

    for stage in ("waiting_on_us", "new", "waiting_on_us", "new"):
        await deeds.move(world, moved, stage)

    assert len(await facts.visits(world, moved)) == 5
    await facts.assert_sound(world)


async def test_a_visit_never_ends_before_it_began_when_the_clock_was_turned_back(world: World) -> None:
    moved = await deeds.open_ticket(world)
    later = datetime.now(UTC) + timedelta(hours=1)
    await facts.execute(world, "UPDATE ticket SET entered_at = :at", at=later)
    await facts.execute(world, "UPDATE visit SET entered_at = :at", at=later)

    await deeds.move(world, moved, "waiting_on_us")

    first, second = await facts.visits(world, moved)
    assert first.entered_at == first.left_at == second.entered_at == later
    await facts.assert_sound(world)


async def test_a_move_records_where_the_ticket_was_and_is(world: World) -> None:
    moved = await deeds.open_ticket(world)
    before = await facts.ticket(world, moved)

    async with facts.recorded(world) as happened:
        await deeds.move(world, moved, "waiting_on_us")

    [event] = happened
    after = await facts.ticket(world, moved)
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
    moved = await deeds.open_ticket(world)

    async with facts.recorded(world) as closing:
        await deeds.move(world, moved, "closed")
    closed_at = (await facts.ticket(world, moved)).closed_at
    async with facts.recorded(world) as opening:
        await deeds.move(world, moved, "new", who=world.second_agent)

    assert facts.kinds(closing) == ["TICKET_MOVED", "TICKET_CLOSED"]
    assert facts.kinds(opening) == ["TICKET_MOVED", "TICKET_REOPENED"]
    [closure] = await facts.closures(world, moved)
    assert (closure.closed_at, closure.closed_by) == (closed_at, world.users[Role.AGENT].id)
    assert (closure.reopened_at, closure.reopened_by) == (opening[0].at, world.second_agent.id)
    assert (await facts.ticket(world, moved)).closed_at is None
    await facts.assert_sound(world)


async def test_from_one_closed_stage_to_another_a_ticket_keeps_its_close_date(world: World) -> None:
    await deeds.add_stage(world, "Rejected", CLOSED)
    moved = await deeds.open_ticket(world, stage="closed")
    before = (await facts.ticket(world, moved)).closed_at

    async with facts.recorded(world) as happened:
        await deeds.move(world, moved, "rejected")

    assert (await facts.ticket(world, moved)).closed_at == before
    assert facts.kinds(happened) == ["TICKET_MOVED"]
    await facts.assert_sound(world)


async def test_in_another_pipeline_a_ticket_gets_a_new_key_and_the_old_one_still_finds_it(world: World) -> None:
    returns = await world.add_pipeline(label="Returns")
    moved = await deeds.open_ticket(world, "No sound")

    async with facts.recorded(world) as happened:
        await deeds.move(world, moved, "closed", to=Ref(id=returns.id))

    row = await facts.ticket(world, moved)
    assert (row.key, row.pipeline_id) == ("RET-1", returns.id)
    async with world.looking(Role.VIEWER) as work:
        for key in ("SUP-1", "RET-1", "ret-1"):
            assert [each.id for each in await tickets.find_by_key(work, key)] == [moved]
    assert facts.kinds(happened) == ["TICKET_MOVED", "TICKET_CLOSED"]
    for event in happened:
        assert (event.pipeline_from, event.pipeline_to) == ((await world.pipeline()).id, returns.id)
    assert [visit.pipeline_id for visit in await facts.visits(world, moved)][1] == returns.id
    await facts.assert_sound(world)


async def test_a_ticket_that_comes_back_gets_a_third_key(world: World) -> None:
    returns = await world.add_pipeline(label="Returns")
    moved = await deeds.open_ticket(world)

    await deeds.move(world, moved, "new", to=Ref(id=returns.id))
    await deeds.move(world, moved, "new", to=Ref(internal_name="support"))

    assert (await facts.ticket(world, moved)).key == "SUP-2"
    async with world.looking(Role.VIEWER) as work:
        assert [each.id for each in await tickets.find_by_key(work, "SUP-1")] == [moved]


@pytest.mark.parametrize("place", ["before", "after"])
async def test_a_neighbour_that_is_not_in_the_stage_is_declared_gone(world: World, place: str) -> None:
    moved, other = await deeds.open_tickets(world, "x", "y")
    await deeds.move(world, other, "waiting_on_us")
    where = Place(before=other) if place == "before" else Place(after=other)

    with pytest.raises(PlaceGone) as refused:
        await deeds.move(world, moved, "new", place=where)

    assert (refused.value.code, refused.value.field) == ("PLACE_GONE", ("place", place))


async def test_no_card_is_its_own_neighbour(world: World) -> None:
    moved, _ = await deeds.open_tickets(world, "x", "y")

    with pytest.raises(PlaceGone):
        await deeds.move(world, moved, "new", place=Place(after=moved))


async def test_a_hidden_card_is_no_neighbour_to_name(world: World) -> None:
    moved, other = await deeds.open_tickets(world, "x", "y")
    await facts.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false")
    await facts.execute(
        world, "UPDATE ticket SET owner_id = :agent WHERE id = :id", agent=world.users[Role.AGENT].id, id=moved
    )

    with pytest.raises(PlaceGone):
        await deeds.move(world, moved, "new", place=Place(after=other))


async def test_a_card_put_beside_another_keeps_clear_of_hidden_ones_between(world: World) -> None:
    first, hidden, last, moved = await deeds.open_tickets(world, *"ahzx")
    agent = world.users[Role.AGENT].id
    await facts.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false")
    await facts.execute(world, "UPDATE ticket SET owner_id = :agent WHERE id <> :id", agent=agent, id=hidden)

    await deeds.move(world, moved, "new", place=Place(after=first))
    assert (await facts.board(world))["new"] == list("axhz")
    await deeds.move(world, moved, "new", place=Place(before=last))
    assert (await facts.board(world))["new"] == list("ahxz")


async def test_a_stale_revision_is_a_conflict_that_tells_the_revision_that_stands(world: World) -> None:
    moved = await deeds.open_ticket(world)
    await deeds.move(world, moved, "waiting_on_us", expected_revision=1)

    with pytest.raises(Conflict) as refused:
        await deeds.move(world, moved, "closed", expected_revision=1)

    assert refused.value.details == {"revision": 2}
    assert (await facts.board(world))["waiting_on_us"] == ["A question"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR])
async def test_who_works_no_tickets_moves_none(world: World, role: Role) -> None:
    moved = await deeds.open_ticket(world)

    with pytest.raises(NotPermitted) as refused:
        await deeds.move(world, moved, "closed", who=role, expected_revision=9)

    assert refused.value.details == {"permission": "ticket:write"}


@pytest.mark.parametrize("which", ["source", "target"])
async def test_a_move_needs_edit_level_on_both_pipelines(world: World, which: str) -> None:
    source, target = await world.pipeline(), await world.add_pipeline()
    moved = await deeds.open_ticket(world)
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    await deeds.set_access(world, source if which == "source" else target, AccessMode.RESTRICTED, grant)

    with pytest.raises(NotPermitted, match="only view"):
        await deeds.move(world, moved, "new", to=Ref(id=target.id))


async def test_a_hidden_pipeline_is_no_target(world: World) -> None:
    target = await world.add_pipeline()
    moved = await deeds.open_ticket(world)
    await deeds.set_access(world, target, AccessMode.PRIVATE)

    with pytest.raises(NotFound):
        await deeds.move(world, moved, "new", to=Ref(id=target.id))


async def test_a_ticket_outside_the_edit_scope_is_not_moved(world: World) -> None:
    moved = await deeds.open_ticket(world, owner=world.second_agent.id)
    await facts.execute(world, "UPDATE account_user SET edit_reach = 'OWN'")

    with pytest.raises(NotPermitted, match="outside"):
        await deeds.move(world, moved, "closed", who=Role.AGENT)
    await deeds.move(world, moved, "closed", who=world.second_agent)


async def test_a_ticket_that_left_the_edit_scope_while_the_move_waited_is_not_moved(world: World) -> None:
    moved = await deeds.open_ticket(world, owner=world.users[Role.AGENT].id)
    await facts.execute(world, "UPDATE account_user SET edit_reach = 'OWN', edit_unassigned = false")

    async with world.acting(Role.SUPER_ADMIN) as first:
        found = await tickets.find_ticket(first, moved)
        changes = {"owner_id": world.second_agent.id}
        await tickets.assign_ticket(first, found, pipeline=await pipelines.find_pipeline(first, None), changes=changes)
        await first.session.flush()
        late = racing.start(deeds.move(world, moved, "closed"))
        await racing.until_waiting(world)

    with pytest.raises(NotPermitted, match="outside"):
        await late


async def test_a_ticket_is_not_moved_into_a_stage_that_is_being_deleted(world: World) -> None:
    moved = await deeds.open_ticket(world)

    async with world.acting(Role.SUPER_ADMIN) as first:
        found = await pipelines.lock_pipeline(first, None)
        await tickets.delete_stage(first, found, pipelines.find_stage(found, deeds.named("waiting_on_us")))
        late = racing.start(deeds.move(world, moved, "waiting_on_us"))
        await racing.until_waiting(world)

    with pytest.raises(NotFound) as refused:
        await late
    assert refused.value.field == ("stage",)
    assert (await facts.board(world))["new"] == ["A question"]
    await facts.assert_sound(world)


async def test_a_ticket_that_is_deleted_while_its_move_waits_is_not_found(world: World) -> None:
    moved = await deeds.open_ticket(world)

    async with world.acting(Role.AGENT) as first:
        found = await tickets.find_ticket(first, moved)
        await tickets.delete_ticket(first, found, pipeline=await pipelines.find_pipeline(first, None))
        late = racing.start(deeds.move(world, moved, "closed"))
        await racing.until_waiting(world)

    with pytest.raises(NotFound):
        await late
    await facts.assert_sound(world)


async def test_a_ticket_that_is_taken_to_another_pipeline_while_its_move_waits_is_a_conflict(world: World) -> None:
    returns = await world.add_pipeline()
    moved = await deeds.open_ticket(world)

    async with world.acting(Role.AGENT) as first:
        found = await tickets.find_ticket(first, moved)
        target = await pipelines.find_pipeline(first, Ref(id=returns.id))
        source = await pipelines.find_pipeline(first, None)
        await tickets.move_ticket(first, found, source=source, target=target, stage=target.stages[0])
        await first.session.flush()
        late = racing.start(deeds.move(world, moved, "closed"))
        await racing.until_waiting(world)

    with pytest.raises(Conflict, match="another pipeline"):
        await late
    assert (await facts.ticket(world, moved)).pipeline_id == returns.id
    await facts.assert_sound(world)


async def test_a_move_into_a_stage_that_is_flipped_meanwhile_ends_as_the_stage_stands(world: World) -> None:
    moved = await deeds.open_ticket(world)

    async with world.acting(Role.SETTINGS_EDITOR) as first:
        found = await pipelines.lock_pipeline(first, None)
        await tickets.flip_stage(first, found, pipelines.find_stage(found, deeds.named("waiting_on_us")), CLOSED)
        late = racing.start(deeds.move(world, moved, "waiting_on_us"))
        await racing.until_waiting(world)
    await late

    assert (await facts.ticket(world, moved)).closed_at is not None
    await facts.assert_sound(world)


async def test_moves_of_the_same_cards_at_once_leave_one_order_and_no_card_twice(world: World) -> None:
    cards = await deeds.open_tickets(world, *"abcdef")

    outcomes = await racing.together(
        *[deeds.move(world, card, "new", place=TOP) for card in cards],
        *[deeds.move(world, card, "waiting_on_us", place=BOTTOM) for card in cards],
        *[deeds.move(world, cards[0], "new", place=Place(after=card)) for card in cards[1:]],
    )

    unexpected = [each for each in outcomes if each is not None and not isinstance(each, Conflict)]
    assert unexpected == []
    board = await facts.board(world)
    assert sorted(board["new"] + board["waiting_on_us"]) == list("abcdef")
    await facts.assert_sound(world)


async def test_an_unknown_ticket_is_not_found(world: World) -> None:
    with pytest.raises(NotFound) as refused:
        await deeds.move(world, new_id(), "new")

    assert refused.value.message == "There is no such ticket."


async def test_ranks_that_have_grown_long_are_made_anew_and_the_order_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank, "LONGEST", 4)
    top, *_ = await deeds.open_tickets(world, *"abcdef")
    expected = list("abcdef")
    epoch = (await world.pipeline()).stages[0].rank_epoch

    for _ in range(40):
        subject = expected.pop()
        expected.insert(1, subject)
        card = next(each for each in await _cards(world) if each[1] == subject)
        await deeds.move(world, card[0], "new", place=Place(after=top))
        assert (await facts.board(world))["new"] == expected

    assert (await world.pipeline()).stages[0].rank_epoch > epoch
    await facts.assert_sound(world)


async def _cards(world: World) -> list[tuple[UUID, str]]:
    async with world.looking(Role.OPERATOR) as work:
        columns = await tickets.read_board(work, await pipelines.find_pipeline(work, None), 100)
    return [(card.id, card.subject) for card in columns[0].cards.items]
