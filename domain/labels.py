"""Labels that people give and internal names that integrations use (S23).

A label may change and need not be unique; an internal name is made once, from the first label, and stays.
"""

import re
import secrets
import unicodedata
from collections.abc import Collection

from domain.errors import Invalid, Path

LONGEST_LABEL = 200  # characters
_LONGEST_NAME = 60
_UNSEEN = {"Cf", "Zs", "Zl", "Zp"}
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # they would turn the text around them
_SUFFIX_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def clean_label(label: str, *, field: Path = ("label",)) -> str:
    """The label without surrounding space. Declines empty ones, those over 200 characters, and control characters."""
    label = label.strip()
    if all(unicodedata.category(letter) in _UNSEEN for letter in label):
        raise Invalid("Give it a name: the label is empty.", field=field)
    if len(label) > LONGEST_LABEL:
        raise Invalid(f"The label is longer than {LONGEST_LABEL} characters.", field=field)
    if any(unicodedata.category(letter) == "Cc" or letter in _TURNING for letter in label):
        raise Invalid("A label is one line without control characters.", field=field)
    return label


def internal_name(label: str, taken: Collection[str] = ()) -> str:
    """A name of lower-case letters, digits and underscores that none of `taken` has."""
    name = re.sub(r"[^a-z0-9]+", "_", _plain(label)).strip("_")[:_LONGEST_NAME].rstrip("_") or "unnamed"
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate


def secret_name(label: str) -> str:
    """An internal name with a random suffix: whether a name is free must not tell what hidden things are called
    (S23).
    """
    return f"{internal_name(label)}_{''.join(secrets.choice(_SUFFIX_LETTERS) for _ in range(8))}"


def key_prefix(label: str) -> str:
    """Up to three capital letters that begin the keys of a pipeline's tickets, such as SUP in SUP-142."""
    letters = re.sub(r"[^a-z]", "", _plain(label)).upper()
    return letters[:3] or "TKT"


def _plain(label: str) -> str:
    """The label in lower case, as far as it can be written in ASCII."""
    return unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
