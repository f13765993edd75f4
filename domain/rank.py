"""Ranks: short texts that keep the cards of a stage in order, so that a move writes one row (B5).

A rank is a number in base 62: a head that says how many digits of whole number follow (a1 digit, b2 digits …, and
downwards Z, Y … for negative ones), the whole number, and a fraction that never ends in 0. Its digits ascend in the C
collation, so text order is number order. The scheme is fractional indexing, as D. Greenspan describes it.
"""

from collections.abc import Iterator

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONGEST = 80  # characters; past this the ranks of a stage are made anew

_VALUE = {digit: value for value, digit in enumerate(DIGITS)}
_LAST = DIGITS[-1]
_START = "a0"


def between(below: str | None, above: str | None) -> str:
    """A rank after `below` and before `above`; None stands for that end of the stage. Needs below < above.

    At either end ranks grow with the logarithm of the number of cards; in one gap by a character every five moves.
    """
    if below is not None and above is not None and below >= above:
        raise ValueError(f"rank {below!r} is not before {above!r}")
    if below is None:
        return _START if above is None else _step(_whole(above), -1)
    if above is None:
        return _step(_whole(below), +1)
    whole, other = _whole(below), _whole(above)
    if whole == other:
        return whole + _middle(below[len(whole) :], above[len(other) :])
    following = _step(whole, +1)
    return following if following < above else whole + _middle(below[len(whole) :], None)


def spread(count: int) -> Iterator[str]:
    """`count` short ranks in ascending order, for a stage that is filled or rebalanced at once."""
    rank = _START
    for _ in range(count):
        yield rank
        rank = _step(rank, +1)


def _whole(rank: str) -> str:
    """The head and the digits of the whole number."""
    return rank[: _digits(rank[0]) + 1]


def _digits(head: str) -> int:
    """How many digits of whole number a head announces."""
    return ord(head) - ord("a") + 1 if head >= "a" else ord("Z") - ord(head) + 1


def _step(whole: str, by: int) -> str:
    """The whole number after (+1) or before (-1) this one, with one digit more where it overflows."""
    head, digits = whole[0], list(whole[1:])
    full, empty = (_LAST, DIGITS[0]) if by > 0 else (DIGITS[0], _LAST)
    for place in reversed(range(len(digits))):
        if digits[place] != full:
            digits[place] = DIGITS[_VALUE[digits[place]] + by]
            return head + "".join(digits)
        digits[place] = empty
    return _longer_or_shorter(head, by)


def _longer_or_shorter(head: str, by: int) -> str:
    """The first whole number past all those with this head."""
    across = {"Z": "a"} if by > 0 else {"a": "Z"}
    head = across.get(head) or chr(ord(head) + by)
    if head not in _VALUE:
        raise OverflowError("there are no more ranks at this end of the stage")
    return head + (DIGITS[0] if by > 0 else _LAST) * _digits(head)


def _middle(below: str, above: str | None) -> str:
    """A fraction strictly between two; above None is 1. Neither ends in 0, nor does the answer."""
    if above is not None:
        shared = 0
        while shared < len(above) and (below[shared] if shared < len(below) else DIGITS[0]) == above[shared]:
            shared += 1
        if shared:
            return above[:shared] + _middle(below[shared:], above[shared:])
    low = _VALUE[below[0]] if below else 0
    high = _VALUE[above[0]] if above is not None else len(DIGITS)
    if high - low > 1:
        return DIGITS[(low + high) // 2]
    if above is not None and len(above) > 1:
        return above[0]
    return DIGITS[low] + _middle(below[1:], None)
