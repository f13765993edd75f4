"""The place of a card among those of its stage: one order for every viewer, whatever is hidden or rebalanced (B5)."""

from random import Random

import pytest

from domain import rank
from domain.reference import BOTTOM, TOP, Place
from domain.tickets import PlaceGone
from policies import Role
from tests.support import actions, db_state
from tests.support.world import World


async def test_a_moved_ticket_stands_at_the_top_of_its_new_stage_unless_a_place_is_given(world: World) -> None:
    await actions.open_tickets(world, "a", "b", stage="waiting_on_us")
    moved = await actions.open_ticket(world, "x")

    await actions.move(world, moved, "waiting_on_us")

    board = await db_state.board(world)
    assert (board["new"], board["waiting_on_us"]) == ([], ["x", "a", "b"])
    await db_state.assert_sound(world)


@pytest.mark.parametrize(
    ("place", "order"), [("top", "xabc"), ("bottom", "abcx"), ("before", "axbc"), ("after", "abxc")]
)
async def test_a_card_goes_where_it_is_put_in_another_stage(world: World, place: str, order: str) -> None:
    _, beside, _ = await actions.open_tickets(world, *"abc", stage="waiting_on_us")
    moved = await actions.open_ticket(world, "x")
    places = {"top": TOP, "bottom": BOTTOM, "before": Place(before=beside), "after": Place(after=beside)}

    await actions.move(world, moved, "waiting_on_us", place=places[place])

    assert (await db_state.board(world))["waiting_on_us"] == list(order)


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
    ids = dict(zip("abcd", await actions.open_tickets(world, *"abcd"), strict=True))
    side, _, neighbour = place.partition(" ")
    at = {
        "top": TOP,
        "bottom": BOTTOM,
        "before": Place(before=ids.get(neighbour)),
        "after": Place(after=ids.get(neighbour)),
    }

    await actions.move(world, ids[card], "new", place=at[side])

    assert (await db_state.board(world))["new"] == list(order)


@pytest.mark.parametrize("place", ["before", "after"])
async def test_a_neighbour_that_is_not_in_the_stage_is_declared_gone(world: World, place: str) -> None:
    moved, other = await actions.open_tickets(world, "x", "y")
    await actions.move(world, other, "waiting_on_us")
    where = Place(before=other) if place == "before" else Place(after=other)

    with pytest.raises(PlaceGone) as refused:
        await actions.move(world, moved, "new", place=where)

    assert (refused.value.code, refused.value.field) == ("PLACE_GONE", ("place", place))


async def test_no_card_is_its_own_neighbour(world: World) -> None:
    moved, _ = await actions.open_tickets(world, "x", "y")

    with pytest.raises(PlaceGone):
        await actions.move(world, moved, "new", place=Place(after=moved))


async def test_a_hidden_card_is_no_neighbour_to_name(world: World) -> None:
    moved, other = await actions.open_tickets(world, "x", "y")
    await db_state.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false")
    await db_state.execute(
        world, "UPDATE ticket SET owner_id = :agent WHERE id = :id", agent=world.users[Role.AGENT].id, id=moved
    )

    with pytest.raises(PlaceGone):
        await actions.move(world, moved, "new", place=Place(after=other))


async def test_a_card_put_beside_another_keeps_clear_of_hidden_ones_between(world: World) -> None:
    first, hidden, last, moved = await actions.open_tickets(world, *"ahzx")
    agent = world.users[Role.AGENT].id
    await db_state.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = false")
    await db_state.execute(world, "UPDATE ticket SET owner_id = :agent WHERE id <> :id", agent=agent, id=hidden)

    await actions.move(world, moved, "new", place=Place(after=first))
    assert (await db_state.board(world))["new"] == list("axhz")
    await actions.move(world, moved, "new", place=Place(before=last))
    assert (await db_state.board(world))["new"] == list("ahxz")


async def test_ranks_that_have_grown_long_are_made_anew_and_the_order_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank, "LONGEST", 4)
    ids = dict(zip("abcdef", await actions.open_tickets(world, *"abcdef"), strict=True))
    expected = list("abcdef")
    epoch = (await world.pipeline()).stages[0].rank_epoch

    chance = Random(1)
    for _ in range(40):
        subject = expected.pop(chance.randrange(2, len(expected)))
        expected.insert(1, subject)
        await actions.move(world, ids[subject], "new", place=Place(after=ids["a"]))
        assert (await db_state.board(world))["new"] == expected

    assert (await world.pipeline()).stages[0].rank_epoch > epoch
    await db_state.assert_sound(world)
