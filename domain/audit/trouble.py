"""What can be wrong with an audit chain, as data and as sentences for whoever looks after it."""

from enum import StrEnum
from typing import NamedTuple


class Trouble(StrEnum):
    """The kinds of findings; `{}` stands for where it was found."""

    CHANGED = "{} are not as they were sealed: one of them was changed, put in or exchanged, or the seal was."
    FORGED = "{} shows other values than it was sealed with, though it says that they were erased."
    EVENT_MISSING = "{} is in the journal and was deleted from the log."
    NUMBER_MISSING = "{} is missing from the journal."
    SEAL_MISSING = "The seal of {} is missing."
    NOT_IN_JOURNAL = "{} events of the log have no number and wait for none: they were put in past the journal."
    JOURNAL_CUT = "The journal ends before {}, the last number that was given."
    HEAD_UNTRUE = "The signed head at {} has a signature that our key did not make."
    HEAD_DIFFERS = "The signed head at {} does not fit the seals: the chain was written anew after it was signed."
    HEAD_LOST = "The head at {}, which was kept elsewhere, is past the end of the chain: its end was cut off."
    HEAD_STRANGE = "The head at {}, which was kept elsewhere, has a signature that does not fit it."
    UNSIGNED = "The chain up to {} is not signed with our key."
    WAITING = "An event waits to be sealed for {} seconds."


class Finding(NamedTuple):
    """One thing that is wrong, at a number of the journal or from one to another; some troubles count, or tell time."""

    trouble: Trouble
    number: int
    last: int | None = None

    def __str__(self) -> str:
        """A sentence for people."""
        sentence = self.trouble.format(self._where())
        return sentence[:1].upper() + sentence[1:]

    def _where(self) -> str:
        if self.trouble in {Trouble.NOT_IN_JOURNAL, Trouble.WAITING}:
            return str(self.number)
        if self.last is None or self.last == self.number:
            return f"number {self.number}" if self.trouble in _OF_NUMBERS else f"event {self.number}"
        return f"events {self.number} to {self.last}"


_OF_NUMBERS = {
    Trouble.NUMBER_MISSING,
    Trouble.JOURNAL_CUT,
    Trouble.HEAD_UNTRUE,
    Trouble.HEAD_DIFFERS,
    Trouble.HEAD_LOST,
    Trouble.HEAD_STRANGE,
    Trouble.UNSIGNED,
}
