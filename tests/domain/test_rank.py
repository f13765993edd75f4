"""Ranks: between any two cards there is room, order stays what was asked for, and ranks stay short (B5, law 10)."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import rank

TEXT_INDEX = st.lists(st.floats(0, 1, exclude_max=True), max_size=120)


def insert_at(ranks: list[str], index: int) -> str:
    below = ranks[index - 1] if index else None
    above = ranks[index] if index < len(ranks) else None
    return rank.between(below, above)


@given(TEXT_INDEX)
@settings(max_examples=100)
def test_any_sequence_of_insertions_keeps_strict_order(places: list[float]) -> None:
    ranks: list[str] = []

    for place in places:
        index = int(place * (len(ranks) + 1))
        ranks.insert(index, insert_at(ranks, index))

    assert all(below < above for below, above in pairwise(ranks))
    assert all(set(each) <= set(rank.DIGITS) for each in ranks)


@given(TEXT_INDEX)
@settings(max_examples=100)
def test_no_fraction_ends_in_zero_so_that_there_is_always_room_below(places: list[float]) -> None:
    ranks: list[str] = []

    for place in places:
        index = int(place * (len(ranks) + 1))
        ranks.insert(index, insert_at(ranks, index))

    assert not any(each[_length_of_whole(each) :].endswith("0") for each in ranks)


def _length_of_whole(text: str) -> int:
    head = text[0]
    return 2 + (ord(head) - ord("a") if head >= "a" else ord("Z") - ord(head))


@given(st.integers(0, 5000))
@settings(max_examples=30)
def test_a_spread_ascends_and_is_short(count: int) -> None:
    ranks = list(rank.spread(count))

    assert len(ranks) == count
    assert ranks == sorted(set(ranks))
    assert max(map(len, ranks), default=0) <= 4


def test_a_spread_leaves_room_everywhere() -> None:
    ranks = list(rank.spread(200))

    for index in range(len(ranks) + 1):
        fresh = insert_at(ranks, index)
        assert (ranks[index - 1] if index else "") < fresh
        assert index == len(ranks) or fresh < ranks[index]


@pytest.mark.parametrize("last", [True, False], ids=["bottom", "top"])
def test_at_an_end_ranks_grow_with_the_logarithm_of_the_number_of_cards(last: bool) -> None:
    edge: str | None = None
    longest = 0

    for _ in range(20_000):
        edge = rank.between(edge, None) if last else rank.between(None, edge)
        longest = max(longest, len(edge))

    assert longest <= 4


def test_in_one_gap_a_rank_outlasts_hundreds_of_moves() -> None:
    below, above, moves = "a0", "a1", 0

    while len(above) <= rank.LONGEST:
        above, moves = rank.between(below, above), moves + 1

    assert moves > 300


@pytest.mark.parametrize(("below", "above"), [("a1", "a1"), ("a1", "a0"), ("b00", "a5"), ("a0", "Zz")])
def test_there_is_nothing_between_two_that_are_not_in_order(below: str, above: str) -> None:
    with pytest.raises(ValueError, match="is not before"):
        rank.between(below, above)


def test_whole_numbers_carry_over_into_longer_ones() -> None:
    assert rank.between("az", None) == "b00"
    assert rank.between("bzz", None) == "c000"
    assert rank.between(None, "a0") == "Zz"
    assert rank.between(None, "Z0") == "Yzz"
    assert rank.between("Zz", None) == "a0"
    assert rank.between("Yzz", None) == "Z0"


def test_the_ends_of_all_ranks_are_told_and_not_passed() -> None:
    with pytest.raises(OverflowError):
        rank.between("z" * 27, None)
    with pytest.raises(OverflowError):
        rank.between(None, "A" + "0" * 26)
