"""Cursors come back as they were given, to whom they were given, or not at all."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.graphql.cursors import SealedCursors

CURSORS = SealedCursors(b"a secret key of at least 32 bytes")
BOUND = b"account 1, list 2"


@given(payload=st.binary(min_size=1, max_size=200), bound=st.binary(max_size=200))
def test_a_cursor_opens_where_it_was_sealed(payload: bytes, bound: bytes) -> None:
    cursor = CURSORS.seal(payload, bound)

    assert re.fullmatch("[A-Za-z0-9_-]+", cursor)
    assert CURSORS.open(cursor, bound) == payload


def test_the_same_place_has_the_same_cursor() -> None:
    assert CURSORS.seal(b"place", BOUND) == CURSORS.seal(b"place", BOUND)


def test_another_server_with_the_same_key_opens_it() -> None:
    other = SealedCursors(b"a secret key of at least 32 bytes")

    assert other.open(CURSORS.seal(b"place", BOUND), BOUND) == b"place"


def test_nothing_of_the_payload_can_be_seen() -> None:
    cursor = CURSORS.seal(b"rank: aaaaaaaaaaaaaaaa", BOUND)

    assert b"aaaa" not in base64.urlsafe_b64decode(cursor + "==")


def test_a_cursor_of_another_list_or_account_is_refused() -> None:
    cursor = CURSORS.seal(b"place", BOUND)

    with pytest.raises(ValueError, match="not one of this list"):
        CURSORS.open(cursor, b"account 2, list 2")


def test_a_cursor_of_another_key_is_refused() -> None:
    cursor = SealedCursors(b"quite another key of over 32 bytes").seal(b"place", BOUND)

    with pytest.raises(ValueError, match="not one of this list"):
        CURSORS.open(cursor, BOUND)


def test_any_changed_bit_is_noticed() -> None:
    sealed = bytearray(base64.urlsafe_b64decode(CURSORS.seal(b"a place in a list", BOUND) + "=="))
    for index in range(len(sealed) * 8):
        changed = sealed.copy()
        changed[index // 8] ^= 1 << index % 8

        with pytest.raises(ValueError, match="not one of this list"):
            CURSORS.open(base64.urlsafe_b64encode(changed).rstrip(b"=").decode(), BOUND)


@given(text=st.text(max_size=100))
def test_any_other_text_is_refused_in_the_same_words(text: str) -> None:
    with pytest.raises(ValueError, match="not one of this list"):
        CURSORS.open(text, BOUND)


def test_endless_text_is_refused_unread() -> None:
    with pytest.raises(ValueError, match="too long"):
        CURSORS.open("A" * 5000, BOUND)
