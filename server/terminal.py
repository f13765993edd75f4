"""Text of others on a terminal: what would steer it is shown, and does nothing."""

import unicodedata

_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    """The text with each control, direction and line-breaking character written as Python escapes it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(letter) if unicodedata.category(letter) in _STEERING else letter for letter in text)


def _shown(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
