"""Labels are for people, internal names for integrations: made once, unique in their parent, telling nothing (S23)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.labels import LONGEST_LABEL, clean_label, internal_name, key_prefix, secret_name

LABELS = st.text(max_size=80)


def test_a_label_loses_the_space_around_it() -> None:
    assert clean_label("  Waiting on us\n") == "Waiting on us"


@pytest.mark.parametrize("label", ["", "   ", "\n\t"])
def test_an_empty_label_is_refused(label: str) -> None:
    with pytest.raises(Invalid, match="empty") as refused:
        clean_label(label, field=("stages", "0", "label"))

    assert refused.value.field == ("stages", "0", "label")


@pytest.mark.parametrize("label", ["\u200b", "\u200b \u2060", "\ufeff"])
def test_a_label_that_nobody_can_see_is_empty(label: str) -> None:
    with pytest.raises(Invalid, match="empty"):
        clean_label(label)


@pytest.mark.parametrize("label", ["two\nlines", "bell\x07", "esc\x1b[2J", "turned \u202e around"])
def test_a_label_has_no_control_characters(label: str) -> None:
    with pytest.raises(Invalid, match="control"):
        clean_label(label)


def test_a_label_holds_at_most_two_hundred_characters() -> None:
    assert clean_label("é" * LONGEST_LABEL) == "é" * LONGEST_LABEL
    with pytest.raises(Invalid, match="200"):
        clean_label("é" * (LONGEST_LABEL + 1))


@given(LABELS)
def test_an_internal_name_is_lower_case_letters_digits_and_single_underscores(label: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", internal_name(label))


@given(st.lists(LABELS, max_size=12))
def test_internal_names_are_unique_among_those_taken(labels: list[str]) -> None:
    taken: list[str] = []

    for label in labels:
        taken.append(internal_name(label, taken))

    assert len(set(taken)) == len(labels)


@pytest.mark.parametrize(
    ("label", "name"),
    [("Waiting on us", "waiting_on_us"), ("Réponse nº 2", "reponse_no_2"), ("等待", "unnamed"), ("New!!", "new")],
)
def test_an_internal_name_resembles_its_label(label: str, name: str) -> None:
    assert internal_name(label) == name


def test_an_internal_name_is_cut_at_sixty_characters_and_not_within_an_underscore() -> None:
    assert internal_name("a" * 70) == "a" * 60
    assert internal_name(f"{'a' * 59} b") == "a" * 59


def test_a_second_name_of_the_same_label_is_numbered() -> None:
    assert internal_name("New", {"new"}) == "new_2"
    assert internal_name("New", {"new", "new_2"}) == "new_3"


def test_a_secret_name_ends_in_eight_random_letters_whether_or_not_the_label_is_taken() -> None:
    names = {secret_name("Returns") for _ in range(50)}

    assert len(names) == 50
    assert all(re.fullmatch(r"returns_[a-z2-9]{8}", name) for name in names)


@pytest.mark.parametrize(
    ("label", "prefix"),
    [("Support Pipeline", "SUP"), ("7 Up", "UP"), ("Ünicode", "UNI"), ("等待", "TKT"), ("42", "TKT")],
)
def test_ticket_keys_begin_with_up_to_three_letters_of_the_label(label: str, prefix: str) -> None:
    assert key_prefix(label) == prefix
