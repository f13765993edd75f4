"""Histories: rows are kept as the steps that changed something, in the order of the file, and known again later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.imports import History, Snapshot
from tests.support.import_data import Told, at, history


def test_rows_that_change_nothing_are_no_steps() -> None:
    told = history("1", Told(0, "New"), Told(5, "New"), Told(9, "Busy"), Told(9, "Busy", owner="Ann"))

    assert [(step.row, step.at, step.stage, step.says.owner) for step in told.steps] == [
        (0, at(0), "New", None),
        (2, at(9), "Busy", None),
        (3, at(9), "Busy", "Ann"),
    ]
    assert len(told) == 4


def test_a_row_that_goes_back_in_time_happens_when_the_one_before_did() -> None:
    told = history("1", Told(10, "New"), Told(4, "Busy"), Told(7, "Done"), Told(12, "New"))

    assert [step.at for step in told.steps] == [at(10), at(10), at(10), at(12)]
    assert told.backwards == (1, 2)


def test_the_last_stage_was_entered_when_its_run_began() -> None:
    told = history("1", Told(0, "Busy"), Told(3, "New"), Told(5, "Busy"), Told(8, "Busy", owner="Ann"))

    assert told.entered_at == at(5)


@pytest.mark.parametrize(
    ("said", "stage", "wrong"),
    [
        (Snapshot("x" * 501), "New", "subject is longer than 500"),
        (Snapshot("  "), "New", "a subject"),
        (Snapshot("x", content="x" * 65_537), "New", "description is longer"),
        (Snapshot("x", properties=("x" * 4001,)), "New", "value is longer than 4000"),
        (Snapshot("x", owner="x" * 201), "New", "name is longer than 200"),
        (Snapshot("x"), "x" * 201, "label is longer than 200"),
        (Snapshot("x"), "\u200b\x1b", "stage has no visible character"),
        (Snapshot("x", owner="\u200b"), "New", "name has no visible character"),
        (Snapshot("x", team="\u2060 \x07"), "New", "name has no visible character"),
    ],
)
def test_a_row_that_says_too_much_is_declined_and_leaves_the_history_as_it_was(
    said: Snapshot, stage: str, wrong: str
) -> None:
    told = history("1", Told(0, "New"))

    with pytest.raises(Invalid, match=wrong):
        told.add(at(1), stage, said, mark="1")

    assert (len(told), len(told.steps)) == (1, 1)


def test_a_number_that_is_too_long_is_declined() -> None:
    with pytest.raises(Invalid):
        History("x" * 201)


def test_of_a_longer_history_the_rows_after_those_seen_are_news() -> None:
    before = history("1", Told(0, "New"), Told(1, "Busy"))
    longer = history("1", Told(0, "New"), Told(1, "Busy"), Told(2, "Done"), Told(3, "Done"))

    unseen = longer.unseen(before.digests)

    assert unseen.rows == {2, 3}
    assert (unseen.total, unseen.late) == (2, 0)
    assert longer.unseen(before.digests + unseen.digests).total == 0


def test_equal_rows_are_told_apart_by_how_often_they_were_seen() -> None:
    once, thrice = history("1", Told(0, "New")), history("1", Told(0, "New"), Told(0, "New"), Told(0, "New"))

    assert thrice.unseen(once.digests).rows == {1, 2}


def test_a_new_row_before_one_that_was_seen_is_late() -> None:
    before = history("1", Told(0, "New"), Told(5, "Done"))
    filled_up = history("1", Told(0, "New"), Told(2, "Busy"), Told(5, "Done"), Told(6, "New"))

    unseen = filled_up.unseen(before.digests)

    assert unseen.rows == {3}
    assert (unseen.late, unseen.total) == (1, 2)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["New", "Busy", "Done"]))), st.data())
def test_what_was_seen_and_what_is_news_together_are_the_whole(
    rows: list[tuple[int, str]], data: st.DataObject
) -> None:
    told = history("1", *[Told(minute, stage) for minute, stage in rows])
    seen = history("1", *[Told(*row) for row in rows[: data.draw(st.integers(0, len(rows)))]])

    unseen = told.unseen(seen.digests)

    assert len(seen) + unseen.total == len(told)
    assert told.unseen(seen.digests + unseen.digests).total == 0
    assert unseen.late == 0
