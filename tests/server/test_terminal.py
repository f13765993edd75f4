"""What others wrote is shown on a terminal, and does not steer it."""

import pytest

from server.terminal import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("New – Größe 漢字 ✓", "New – Größe 漢字 ✓"),
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("\x1b[2J\r\n\t", r"\x1b[2J\r\n\t"),
        ("\x9b2J", r"\x9b2J"),
        ("a\u202eb\u200b\u2028", r"a\u202eb\u200b\u2028"),
        ("\udcff", r"\udcff"),
    ],
)
def test_what_would_steer_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown
